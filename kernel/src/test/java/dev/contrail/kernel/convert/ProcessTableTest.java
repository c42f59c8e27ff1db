// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.kernel.schema.SyscallNumbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
    /// The kernel keeps 15 bytes of a name, which may end in the middle of a letter.
    @Test
    void knowsTheProcessOfAThreadWhoseNameIsCutInALetter() throws Exception {
        var id = new CompletableFuture<Integer>();
        var end = new CountDownLatch(1);
        Thread thread =
                Thread.ofPlatform()
                        .name("\u00fc".repeat(20))
                        .start(() -> {
                            try {
                                Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
                                id.complete(Integer.parseInt(self.getFileName().toString()));
                                end.await();
                            } catch (Exception e) {
                                id.completeExceptionally(e);
                            }
                        });
        var calls = new SyscallsInFlight(new SyscallNumbers(56, 59, 322), true);
        int pid = new ProcessTable(calls).of(id.get()).pid();
        end.countDown();
        thread.join();
        assertThat(pid).isEqualTo((int) ProcessHandle.current().pid());
    }
}
