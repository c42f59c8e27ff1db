// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import org.jspecify.annotations.Nullable;

/// What a thread is owed after it has used mapped memory that somebody has cut off the file: an
/// [InternalError], thrown not there but when the thread next comes by the virtual machine. That
/// may be in a call of the application's own, on JDK 17, and with the client compiler on any.
final class Fault {
    /// For an array that no compiler makes, nor leaves out.
    private static volatile int one = 1;

    private static volatile @Nullable Object made;

    private Fault() {}

    /// Comes by the virtual machine, which makes arrays of arrays.
    ///
    /// @throws InternalError if the thread is owed one
    static void settle() {
        made = new byte[one][one];
    }

    /// Gets the thread what it is owed, if anything, and drops it.
    static void forgive() {
        try {
            settle();
        } catch (InternalError e) { // the caller looks at the file itself
            made = null;
        }
    }
}
