// SPDX-License-Identifier: Apache-2.0
/// Which traces go, so that there is room for others: [RetainedTraces]. One thread looks every few
/// seconds.
///
/// Below: `relay.session`.
package dev.contrail.relay.retention;
