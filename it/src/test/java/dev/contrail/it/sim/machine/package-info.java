// SPDX-License-Identifier: Apache-2.0
/// The machines of a simulated world: a clock, threads, disks and a network that belong to the
/// test.
///
/// [Simulation] runs the threads of all processes one at a time, in an order that the seed says. A
/// [Machine] has a [SimulatedDisk], and processes that can be killed at each step; it can lose its
/// power. [SimulatedNetwork] cuts, delays and silences what they send each other.
///
/// Below it: nothing of the tests.
package dev.contrail.it.sim.machine;
