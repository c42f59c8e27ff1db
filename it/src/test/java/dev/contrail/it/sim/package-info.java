// SPDX-License-Identifier: Apache-2.0
/// Relay, producers, disks and viewers in one thread, from a seed: the code of the rooms on a
/// clock, a network and disks that belong to the test.
///
/// Start at [Simulation], which runs the threads of all processes one at a time, in an order that
/// the seed says. [World] is what is simulated, [Account] says whether it was right. A [Machine]
/// has a [SimulatedDisk]; processes of it can be killed at each step, and it can lose its power.
package dev.contrail.it.sim;
