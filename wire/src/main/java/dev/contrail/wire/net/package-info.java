// SPDX-License-Identifier: Apache-2.0
/// What the machine gives to who sends and receives: connections and time, so that tests can put
/// others in their place.
///
/// Start at [Network]. [Tcp] is the real one, [TimeSource#SYSTEM] the real time.
package dev.contrail.wire.net;
