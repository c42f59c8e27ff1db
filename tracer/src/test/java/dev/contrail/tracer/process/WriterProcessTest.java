// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WriterProcessTest {
    private static final long ID = ProcFacts.processId();
    private static final long START = ProcFacts.processStart();

    private static WriterState state(long id, long start, UUID boot) {
        return new WriterProcess(id, start, ProcFacts.PID_NAMESPACE, boot).state();
    }

    @Test
    void findsAProcessThatRuns() {
        assertThat(state(ID, START, ProcFacts.BOOT)).isEqualTo(WriterState.LIVES);
    }

    @Test
    void tellsAProcessFromAnotherOfTheSameId() {
        assertThat(state(ID, START - 100, ProcFacts.BOOT)).isEqualTo(WriterState.ENDED);
    }

    @Test
    void seesThatAProcessHasEnded() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        long start = ProcFacts.start(ProcFacts.stat(Long.toString(child.pid())));
        WriterProcess process =
                new WriterProcess(child.pid(), start, ProcFacts.PID_NAMESPACE, ProcFacts.BOOT);
        assertThat(process.state()).isEqualTo(WriterState.LIVES);
        child.destroyForcibly().waitFor();
        assertThat(process.state()).isEqualTo(WriterState.ENDED);
    }

    /// It is what the process likes, and says nothing of others.
    @Test
    void findsAProcessBesideOneWhoseNameIsNoTextOrLooksLikeAnId() throws Exception {
        String naming = "printf '\\377\\rNSpid:\\t77' > /proc/$$/comm; echo; read end";
        Process odd = new ProcessBuilder("sh", "-c", naming).start();
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(odd.inputReader().readLine()).isEmpty();
            long start = ProcFacts.start(ProcFacts.stat(Long.toString(child.pid())));
            assertThat(WriterProcess.called(child.pid(), start)).containsExactly(child.pid());
            long oddStart = ProcFacts.start(ProcFacts.stat(Long.toString(odd.pid())));
            assertThat(WriterProcess.called(77, oddStart)).doesNotContain(odd.pid());
        } finally {
            odd.destroyForcibly().waitFor();
            child.destroyForcibly().waitFor();
        }
    }

    /// Rings before layout minor 1 do not tell their namespace.
    @Test
    void seesThatAProcessOfAnUntoldNamespaceHasEndedWhereAllProcessesAreSeen() {
        WriterProcess ended = new WriterProcess(ID, START - 100, 0, ProcFacts.NO_BOOT);
        boolean seesAll = ProcFacts.PID_NAMESPACE == 0xeffffffcL;
        assertThat(ended.state()).isEqualTo(seesAll ? WriterState.ENDED : WriterState.UNKNOWN);
        WriterProcess running = new WriterProcess(ID, START, 0, ProcFacts.NO_BOOT);
        assertThat(running.state()).isEqualTo(WriterState.LIVES);
    }

    /// Its start time, as it tells it, is not the one that we see.
    @Test
    void doesNotClaimThatAProcessInAnotherTimeNamespaceHasEnded() throws Exception {
        ProcessBuilder unshare =
                new ProcessBuilder("unshare", "-T", "--boottime", "100000", "sleep", "60");
        Process child = unshare.redirectErrorStream(true).start();
        try {
            assumeTrue(isSoonInAnotherTime(child), "time namespaces may be made");
            long start = ProcFacts.start(ProcFacts.stat(Long.toString(child.pid())));
            long told = start + 100_000 * 100;
            WriterProcess process = new WriterProcess(child.pid(), told, 0, ProcFacts.NO_BOOT);
            assertThat(process.state()).isEqualTo(WriterState.UNKNOWN);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static boolean isSoonInAnotherTime(Process child) throws Exception {
        Path time = Path.of("/proc", Long.toString(child.pid()), "ns", "time");
        Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/time"));
        try {
            while (Files.readSymbolicLink(time).equals(own)) {
                Thread.onSpinWait();
            }
            return true;
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /// Each is process 1 of a namespace.
    @Test
    void tellsProcessesOfOneIdAndMomentApartByTheirNamespaces() throws Exception {
        First one = new First();
        First other = new First();
        try {
            assumeTrue(one.isThere() && other.isThere(), "process id namespaces may be made");
            while (Math.abs(one.start() - other.start()) > 2) {
                one.end();
                one = other;
                other = new First();
                assertThat(other.isThere()).isTrue();
            }
            assertThat(WriterProcess.called(1, one.start())).contains(one.id(), other.id());
            WriterProcess told =
                    new WriterProcess(1, one.start(), one.namespace(), ProcFacts.NO_BOOT);
            assertThat(told.foundId()).isEqualTo(one.id());
            WriterProcess untold = new WriterProcess(1, one.start(), 0, ProcFacts.NO_BOOT);
            assertThat(untold.state()).isEqualTo(WriterState.LIVES);
            assertThat(untold.foundId()).isZero();

            other.end();
            one.end();
            assertThat(told.state()).isEqualTo(WriterState.ENDED);
        } finally {
            other.end();
            one.end();
        }
    }

    /// A process that is the first of its namespace.
    private static final class First {
        private final Process parent;

        First() throws IOException {
            parent =
                    new ProcessBuilder("unshare", "--pid", "--fork", "--kill-child", "sleep", "60")
                            .redirectErrorStream(true)
                            .start();
        }

        boolean isThere() {
            while (parent.isAlive() && parent.children().findAny().isEmpty()) {
                Thread.onSpinWait();
            }
            return parent.isAlive();
        }

        long id() {
            return parent.children().findAny().orElseThrow().pid();
        }

        long start() throws IOException {
            return ProcFacts.start(ProcFacts.stat(Long.toString(id())));
        }

        long namespace() {
            return ProcFacts.namespace(Long.toString(id()), "pid");
        }

        void end() throws InterruptedException {
            var children = parent.children().toList();
            parent.destroyForcibly().waitFor();
            children.forEach(child -> child.onExit().join());
        }
    }

    @Test
    void nothingOutlivesABoot() {
        assertThat(state(ID, START, UUID.randomUUID())).isEqualTo(WriterState.ENDED);
    }

    @Test
    void doesNotClaimToKnowAProcessWithoutAStartTime() {
        assertThat(state(ID, 0, ProcFacts.BOOT)).isEqualTo(WriterState.UNKNOWN);
    }
}
