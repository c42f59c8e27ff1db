// SPDX-License-Identifier: Apache-2.0
/// The daemon's threads: each runs what it is given, and goes on, whatever that throws.
///
/// Start at [Worker] and [Supervisor]. Below it is `domain`, whose refusal it hands on.
package dev.contrail.recorder.thread;
