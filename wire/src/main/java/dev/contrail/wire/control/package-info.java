// SPDX-License-Identifier: Apache-2.0
/// What our command line and our session daemon say to each other, and the words that both use.
///
/// Start at [Request] and [Reply]; [ControlChannel] carries them. Values are immutable.
package dev.contrail.wire.control;
