// SPDX-License-Identifier: Apache-2.0
/// What producers say to a relay, carried out: [ControlService] serves their control connections,
/// [DataService] those that packets come on. Each connection has a thread of its own.
///
/// Below: `relay.net` and `relay.session`.
package dev.contrail.relay.producer;
