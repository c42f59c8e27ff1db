// SPDX-License-Identifier: Apache-2.0

/// Races in the ring, under jcstress: whatever a reader finds is whole. Start at [StressedPool].
package dev.contrail.bench.stress;
