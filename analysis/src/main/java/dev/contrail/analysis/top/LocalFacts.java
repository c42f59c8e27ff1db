// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import java.util.Optional;

/// What a machine says of its processes besides what is recorded, where it is the one that this
/// runs on. Any thread may ask.
public interface LocalFacts {
    /// A thread.
    ///
    /// @param pid its process
    record LocalThread(long pid, String name) {}

    /// Knows nothing.
    LocalFacts NONE =
            new LocalFacts() {
                @Override
                public Optional<LocalThread> thread(long tid) {
                    return Optional.empty();
                }

                @Override
                public String program(long pid) {
                    return "";
                }

                @Override
                public String file(long pid, long descriptor) {
                    return "";
                }
            };

    /// A thread of that number, if there is one now.
    Optional<LocalThread> thread(long tid);

    /// What the virtual machine runs that a process is: a class or a jar; empty when that is not
    /// known.
    String program(long pid);

    /// What a descriptor of a process is now; empty when that is not known.
    String file(long pid, long descriptor);
}
