// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemedyTest {
    /// The words are those of the tracer's refusals and of the system.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a ring of 4194304 bytes is asked for, 8192 are free on /dev/shm            | SHARED_MEMORY
                    a ring of 4194304 bytes is asked for, 8192 are free of memory on this machine | MEMORY
                    a ring of 41 bytes is asked for, 8 are free below the limit in /sys/fs/cgroup | MEMORY_LIMIT
                    no room for /dev/shm/contrail-0/1.ring: No space left on device           | NO_SPACE
                    /proc/self/mounts: Too many open files                                     | DESCRIPTORS
                    its ring /dev/shm/contrail-0/1.ring cannot be reached from here (another /dev/shm?) | OTHER_NAMESPACE
                    process 12 belongs to user 1000                                            | OTHER_USER
                    /dev/shm/contrail-0 belongs to user 0, want 1000                           | OTHER_USER
                    it runs as nobody                                                          | OTHER_USERS_PROCESS
                    /dev/shm/contrail-0 has mode 777, want none of 77                          | MODE
                    /dev/shm/contrail-0: Permission denied                                     | DENIED
                    /dev/shm/contrail-0/1.ring was deleted or replaced: this process is not recorded any more | REPLACED
                    no room to describe a:b: the metadata area of /dev/shm/1.ring is full      | CLASSES
                    a:b: the channel has too many event classes                                | CHANNEL_CLASSES
                    """)
    void knowsWhatHelpsForEachReason(String reason, Remedy remedy) {
        assertThat(Remedy.of(reason)).contains(remedy);
    }
}
