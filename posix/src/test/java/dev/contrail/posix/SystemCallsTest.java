// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SystemCallsTest {
    @Test
    void tellsTheUser() throws Exception {
        String status = Files.readString(Path.of("/proc/self/status"));
        assertThat(status).containsPattern("Uid:\\s+" + SystemCalls.getuid() + "\\s");
    }

    @Test
    void sendsASignal() throws Exception {
        Process sleeping = new ProcessBuilder("sleep", "60").start();
        SystemCalls.kill((int) sleeping.pid(), 0);
        assertThat(sleeping.isAlive()).isTrue();
        SystemCalls.kill((int) sleeping.pid(), SystemCalls.SIGUSR1);
        assertThat(sleeping.waitFor()).isEqualTo(128 + SystemCalls.SIGUSR1);
    }

    @Test
    void saysWhyASignalCouldNotBeSent() {
        assertThatThrownBy(() -> SystemCalls.kill(Integer.MAX_VALUE, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No such process (errno 3)");
    }

    @Test
    void knowsATerminal() throws Exception {
        assertThat(SystemCalls.isatty(9999)).isFalse();
        Process script =
                new ProcessBuilder(
                                "script",
                                "-qec",
                                ProcessHandle.current().info().command().orElseThrow()
                                        + " --enable-native-access=ALL-UNNAMED -cp "
                                        + System.getProperty("java.class.path")
                                        + " "
                                        + SystemCallsTest.class.getName(),
                                "/dev/null")
                        .redirectInput(Path.of("/dev/null").toFile())
                        .start();
        assertThat(new String(script.getInputStream().readAllBytes())).contains("terminal: true");
    }

    @Test
    void saysWhyNothingWasMounted() {
        assertThatThrownBy(() -> SystemCalls.mount("nosuchfs", "/nowhere"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("mount nosuchfs at /nowhere: ");
    }

    @Test
    void prefersAThreadWhereItHasTheRight() throws Exception {
        var found = new String[3];
        Thread preferred =
                new Thread(() -> {
                    found[0] = String.valueOf(SystemCalls.preferThisThread(true));
                    found[1] = String.valueOf(isRealTime());
                    boolean _ = SystemCalls.preferThisThread(false);
                    found[2] = String.valueOf(isRealTime());
                });
        preferred.start();
        preferred.join();
        assertThat(found[1]).isEqualTo(found[0]);
        assertThat(found[2]).as("no more").isEqualTo("false");
        assertThat(isRealTime()).as("another thread").isFalse();
    }

    /// Field 41 of `stat` is the policy: 2 is `SCHED_RR`.
    private static boolean isRealTime() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Integer.parseInt(fields[41 - 3]) == 2;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public static void main(String[] arguments) {
        System.out.println("terminal: " + SystemCalls.isatty(1));
    }
}
