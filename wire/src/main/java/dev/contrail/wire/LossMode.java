// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// What a full ring does.
public enum LossMode {
    /// New records are refused and counted.
    DISCARD,
    /// The oldest sub-buffer is overwritten: a flight recorder.
    OVERWRITE
}
