// SPDX-License-Identifier: Apache-2.0
/// What our command line and our session daemon say to each other: requests, replies and how they
/// are sent.
///
/// Start at [Request] and [Reply]; [ControlChannel] carries them. Values are immutable. Below it
/// are the shared words, `dev.contrail.wire`.
package dev.contrail.wire.control;
