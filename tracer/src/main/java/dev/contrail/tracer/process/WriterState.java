// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

/// Whether the process that writes a ring still runs.
public enum WriterState {
    LIVES,
    /// It has ended: nobody will write into the ring again.
    ENDED,
    /// It cannot be seen from here: it is, or was, in another namespace.
    UNKNOWN
}
