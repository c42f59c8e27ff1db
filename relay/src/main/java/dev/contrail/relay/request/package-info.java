// SPDX-License-Identifier: Apache-2.0
/// What producers' requests have in common: which recording session they are about, and how one is
/// refused.
///
/// Below it: nothing of this room.
package dev.contrail.relay.request;
