// SPDX-License-Identifier: Apache-2.0
/// Relay, producers and viewers in one thread, from a seed: the code of the rooms on machines that
/// belong to the test (`it.sim.machine`).
///
/// [World] is what is simulated, [Faults] what befalls it, and [Account] says whether it was right.
package dev.contrail.it.sim;
