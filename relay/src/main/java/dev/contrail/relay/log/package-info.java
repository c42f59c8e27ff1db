// SPDX-License-Identifier: Apache-2.0
/// What a relay says of itself: [RelayLog].
package dev.contrail.relay.log;
