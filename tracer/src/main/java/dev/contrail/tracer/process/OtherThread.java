// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

/// A thread that somebody else tells an event of.
///
/// @param vtid as records have it: the system's id, of a virtual thread minus the low 31 bits of
///   its Java id, 0 when it is not known
public record OtherThread(int vtid, long javaId, String name, boolean isVirtual) {
    /// Of an event without a thread.
    public static final OtherThread NONE = new OtherThread(0, 0, "", false);
}
