// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

/// What a full pool does.
public enum PoolMode {
    /// The oldest closed block gives way (flight recorder).
    OVERWRITE,
    /// New records are dropped and counted.
    DISCARD
}
