// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.contrail.ctf.Clock;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.Domain;
import dev.contrail.recorder.domain.Recording;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.file.StateLog;
import dev.contrail.recorder.jvm.JvmDomain;
import dev.contrail.recorder.session.SessionFile;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class SessionDaemonTest {
    private static final ChannelAttributes DEFAULTS =
            new ChannelAttributes(LossMode.DISCARD, -1, -1, -1, -1, -1, -1, -1, "");

    private static final Supervisor SUPERVISOR =
            new Supervisor(why -> {
                throw new AssertionError(why);
            });

    private static final Clock SYSTEM = Clock.system();

    @TempDir private Path directory;

    @Test
    void givesEverySessionADirectoryOfItsOwnWhenTheClockIsSetBack() throws IOException {
        var clock = new SetClock(1_800_000_000_000_000_000L);
        try (SessionDaemon daemon = daemon(clock)) {
            var outputs = new ArrayList<String>();
            for (int i = 0; i < 3; i++) {
                outputs.add(create(daemon, "again"));
                Files.createDirectories(Path.of(outputs.getLast(), "ust"));
                daemon.answer(new Request.DestroySession("again"));
                clock.realtime += i == 0 ? 1_000_000_000L : -1_000_000_000L; // on, and back
            }
            assertThat(outputs).doesNotHaveDuplicates();
            assertThat(create(daemon, "")).isNotEqualTo(create(daemon, ""));
        }
    }

    @Test
    void keepsTheSessionsClockWhenTheWallClockIsSetBack() throws IOException, RefusedException {
        var clock = new SetClock(1_800_000_000_000_000_000L);
        try (SessionDaemon daemon = daemon(clock)) {
            create(daemon, "kept");
            long before = offset(daemon, "kept");
            clock.realtime -= 86_400_000_000_000L;
            daemon.answer(new Request.StartSession("kept"));
            assertThat(offset(daemon, "kept")).isEqualTo(before);
        }
        try (SessionDaemon next = daemon(clock)) {
            create(next, "later");
            long kept = offset(next, "kept");
            long later = offset(next, "later");
            assertThat(kept - later).isEqualTo(86_400_000_000_000L);
        }
    }

    @Test
    void keepsASessionWhoseDomainTheNextDaemonCannotServe() throws IOException {
        var clock = new SetClock(1_800_000_000_000_000_000L);
        var kernel = new TestDomain(DomainName.KERNEL);
        try (SessionDaemon first = new SessionDaemon(directory, 0, clock, SUPERVISOR)) {
            first.add(kernel);
            first.add(new JvmDomain(first, 0, 1));
            first.start();
            create(first, "both");
            enableChannel(first, DomainName.KERNEL);
            enableChannel(first, DomainName.USERSPACE);
            assertThat(first.answer(new Request.StartSession("both")))
                    .isInstanceOf(Reply.Done.class);
        }
        try (SessionDaemon second = new SessionDaemon(directory, 0, clock, SUPERVISOR)) {
            second.add(new JvmDomain(second, 0, 1));
            second.refuse(DomainName.KERNEL, new RefusedException("no kernel today"));
            second.start();
            SessionView view = describe(second);
            assertThat(view.isActive()).isTrue();
            var unserved = new Warning.Unserved("", DomainName.KERNEL, "no kernel today");
            assertThat(view.problems()).containsExactly(unserved);
            assertThat(view.domains())
                    .containsExactlyInAnyOrder(DomainName.KERNEL, DomainName.USERSPACE);
            assertThat(second.answer(new Request.StopSession("both", false)))
                    .isEqualTo(
                            new Reply.Stopped(
                                    0,
                                    0,
                                    List.of(
                                            new Warning.Unserved(
                                                    "c", DomainName.KERNEL, "no kernel today"),
                                            unserved)));
        }
        try (SessionDaemon third = new SessionDaemon(directory, 0, clock, SUPERVISOR)) {
            third.add(new TestDomain(DomainName.KERNEL));
            third.add(new JvmDomain(third, 0, 1));
            third.start();
            assertThat(describe(third).channels()).hasSize(2);
            assertThat(describe(third).problems()).isEmpty();
        }
    }

    @Test
    void answersEverybodyElseWhileADomainWaits() throws Exception {
        var domain = new WaitingDomain();
        try (SessionDaemon daemon = new SessionDaemon(directory, 0, SYSTEM, SUPERVISOR)) {
            daemon.add(domain);
            daemon.start();
            create(daemon, "both");
            enableChannel(daemon, DomainName.KERNEL);
            var started = new CompletableFuture<Void>();
            domain.gate = started;
            CompletableFuture<Reply> start = daemon.ask(new Request.StartSession("both"));
            create(daemon, "other");
            CompletableFuture<Reply> stop = daemon.ask(new Request.StopSession("both", false));
            assertThat(daemon.answer(new Request.ListSessions()))
                    .isInstanceOf(Reply.Sessions.class);
            assertThat(describe(daemon).channels()).hasSize(1);
            assertThat(start).isNotDone();
            assertThat(stop).isNotDone();
            started.complete(null);
            assertThat(start.get()).isInstanceOf(Reply.Done.class);
            assertThat(stop.get())
                    .isInstanceOf(Reply.Stopped.class); // in the order they were asked
            assertThat(describe(daemon).isActive()).isFalse();
        }
    }

    @Test
    void endsTheStopOfASessionThatIsDestroyedMeanwhile() throws Exception {
        var domain = new WaitingDomain();
        try (SessionDaemon daemon = new SessionDaemon(directory, 0, SYSTEM, SUPERVISOR)) {
            daemon.add(domain);
            daemon.start();
            create(daemon, "both");
            enableChannel(daemon, DomainName.KERNEL);
            daemon.answer(new Request.StartSession("both"));
            domain.follower = new CompletableFuture<>(); // a program that never answers
            CompletableFuture<Reply> stop = daemon.ask(new Request.StopSession("both", false));
            Reply destroyed = daemon.answer(new Request.DestroySession("both"));
            assertThat(destroyed).isInstanceOf(Reply.Done.class);
            assertThat(stop.get())
                    .isEqualTo(new Reply.Refused(LttngError.UNK, "Session both was destroyed"));
            assertThat(domain.isDestroyed).isTrue();
        }
    }

    @Test
    void answersAfterAnErrorInADomain() throws Exception {
        var domain = new WaitingDomain();
        try (SessionDaemon daemon = new SessionDaemon(directory, 0, SYSTEM, SUPERVISOR)) {
            daemon.add(domain);
            daemon.start();
            create(daemon, "both");
            enableChannel(daemon, DomainName.KERNEL);
            domain.error = new OutOfMemoryError("of a test");
            assertThat(daemon.answer(new Request.StartSession("both")))
                    .isEqualTo(
                            new Reply.Refused(LttngError.UNK, "There is not enough memory for it"));
            assertThat(describe(daemon).isActive()).isFalse();
            domain.error = null;
            assertThat(daemon.answer(new Request.StartSession("both")))
                    .isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    void putsAsideASessionWhoseStateCannotBeReadAndSaysSo() throws Exception {
        try (SessionDaemon daemon = daemon(SYSTEM)) {
            create(daemon, "good");
            create(daemon, "bad");
        }
        Path sessions = directory.resolve("run/sessions");
        try (var all = Files.list(sessions)) {
            for (Path each : all.toList()) {
                Path file = each.resolve("session");
                if (Files.readString(file).contains("name=bad")) {
                    Files.writeString(file, "nonsense");
                }
            }
        }
        try (SessionDaemon next = daemon(SYSTEM)) {
            var listed = (Reply.Sessions) next.answer(new Request.ListSessions());
            assertThat(listed.sessions()).extracting(SessionView::name).containsExactly("good");
            assertThat(listed.problems()).isNotEmpty();
            assertThat(listed.problems().getLast())
                    .isInstanceOf(Warning.StateUnreadable.class)
                    .extracting(Warning::text, STRING)
                    .contains("put aside", "unreadable-");
        }
        try (SessionDaemon third = daemon(SYSTEM)) {
            var listed = (Reply.Sessions) third.answer(new Request.ListSessions());
            assertThat(listed.sessions()).hasSize(1);
            assertThat(listed.problems()).isEmpty();
        }
    }

    @Test
    void leavesNothingOfASessionThatItCannotMake() throws Exception {
        Path sessions = directory.resolve("run/sessions");
        Path output = directory.resolve("out");
        try (SessionDaemon daemon = daemon(SYSTEM)) {
            Files.delete(sessions);
            Files.createFile(sessions); // no state can be kept in it
            var create =
                    new Request.CreateSession(
                            "s",
                            SessionMode.DISK,
                            output.toString(),
                            0,
                            false,
                            directory.resolve("home").toString());
            assertThat(daemon.answer(create)).isInstanceOf(Reply.Refused.class);
            assertThat(output).doesNotExist();
            Files.delete(sessions);
            assertThat(daemon.answer(create)).isInstanceOf(Reply.Created.class);
        }
    }

    @Test
    void deletesWhatWasBegunOfASessionAndNeverKept() throws Exception {
        Path begun = Files.createDirectories(directory.resolve("run/sessions/1f"));
        StateLog.open(begun.resolve("session"));
        Path empty = Files.createDirectory(directory.resolve("run/sessions/2f"));
        try (SessionDaemon daemon = daemon(SYSTEM)) {
            var listed = (Reply.Sessions) daemon.answer(new Request.ListSessions());
            assertThat(listed.problems()).isEmpty();
            assertThat(listed.sessions()).isEmpty();
        }
        assertThat(begun).doesNotExist();
        assertThat(empty).doesNotExist();
    }

    @Test
    void goesOnAfterARestartOfTheMachineWithANewClockAndSaysSo() throws Exception {
        String output = directory.resolve("out").toString();
        try (SessionDaemon daemon = daemon(SYSTEM)) {
            createAt(daemon, "s", Path.of(output));
            daemon.answer(new Request.StartSession("s"));
        }
        Path state;
        try (var all = Files.list(directory.resolve("run/sessions"))) {
            state = all.toList().getFirst();
        }
        Files.writeString(state.resolve("jvm-0"), "of the boot before");
        StateLog log = StateLog.open(state.resolve("session"));
        SessionFile saved = SessionFile.read(log.records());
        log.append(
                log.records()
                        .getLast()
                        .replace(
                                saved.clock().uuid().toString(),
                                "0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f"));
        try (SessionDaemon next = daemon(SYSTEM)) {
            SessionFacts facts = next.sessions().session("s").facts();
            assertThat(facts.clock().uuid()).isEqualTo(saved.clock().uuid());
            assertThat(state.resolve("jvm-0")).doesNotExist();
            var view = (Reply.Sessions) next.answer(new Request.DescribeSession("s"));
            assertThat(view.sessions().getFirst().isActive()).isTrue();
            assertThat(view.sessions().getFirst().problems())
                    .singleElement()
                    .extracting(Warning::text, STRING)
                    .contains("The machine was restarted", output + "/boot-2");
        }
    }

    /// Applications that register again are told to give up what the session does not seem to want.
    @Test
    void hasTakenUpWhatApplicationsRecordBeforeTheyRegisterWhateverTheKernelIsBusyWith()
            throws IOException {
        var jvm = new TestDomain(DomainName.USERSPACE);
        try (SessionDaemon first = new SessionDaemon(directory, 0, SYSTEM, SUPERVISOR)) {
            first.add(new TestDomain(DomainName.KERNEL));
            first.add(jvm);
            first.start();
            create(first, "both");
            enableChannel(first, DomainName.KERNEL);
            enableChannel(first, DomainName.USERSPACE);
        }
        var busy = new WaitingDomain();
        busy.gate = new CompletableFuture<>();
        jvm.applied.clear();
        SessionDaemon second = new SessionDaemon(directory, 0, SYSTEM, SUPERVISOR);
        second.add(busy);
        second.add(jvm);
        second.start();
        assertThat(jvm.applied).containsExactly("c");
        busy.gate.complete(null);
        second.close();
    }

    /// An account that is missing is said to be.
    @Test
    void waitsForTheAccountOfWhatIsBeingTakenUpAndSaysWhatItWaitsFor() throws Exception {
        try (SessionDaemon first = new SessionDaemon(directory, 0, SYSTEM, SUPERVISOR)) {
            first.add(new TestDomain(DomainName.KERNEL));
            first.start();
            create(first, "both");
            enableChannel(first, DomainName.KERNEL);
        }
        var busy = new WaitingDomain();
        busy.gate = new CompletableFuture<>();
        try (SessionDaemon second = new SessionDaemon(directory, 0, SYSTEM, SUPERVISOR)) {
            second.add(busy);
            second.start();
            CompletableFuture<Reply> status = second.ask(new Request.DescribeSession("both"));
            var listed = (Reply.Sessions) second.answer(new Request.ListSessions());
            assertThat(listed.sessions().getFirst().problems())
                    .extracting(Warning::text)
                    .contains(
                            "busy: Linux kernel: taking up what an earlier daemon has left; its"
                                    + " account is not there yet");
            assertThat(status).isNotDone();
            busy.gate.complete(null);
            var described = (Reply.Sessions) status.get();
            assertThat(described.sessions().getFirst().problems()).isEmpty();
        }
    }

    @Test
    void refusesAnOutputThatHoldsATraceOrIsAnothers() throws Exception {
        Path used = Files.createDirectories(directory.resolve("used/kernel"));
        Files.writeString(used.resolve("metadata"), "/* CTF 1.8 */");
        Path claimed = directory.resolve("claimed");
        try (SessionDaemon daemon = daemon(SYSTEM);
                SessionDaemon other =
                        new SessionDaemon(directory.resolve("run2"), 0, SYSTEM, SUPERVISOR)) {
            other.start();
            assertThat(createAt(daemon, "a", directory.resolve("used")).toString())
                    .contains("holds a trace");
            assertThat(createAt(daemon, "b", claimed)).isInstanceOf(Reply.Created.class);
            assertThat(createAt(daemon, "c", claimed).toString()).contains("another session's");
            assertThat(createAt(other, "b", claimed).toString()).contains("another session's");
            daemon.answer(new Request.DestroySession("b"));
            assertThat(claimed).doesNotExist(); // nothing was recorded there
            assertThat(createAt(other, "b", claimed)).isInstanceOf(Reply.Created.class);
        }
    }

    private static Reply createAt(SessionDaemon daemon, String name, Path output) {
        return daemon.answer(
                new Request.CreateSession(
                        name, SessionMode.DISK, output.toString(), 0, false, "/none"));
    }

    private static long offset(SessionDaemon daemon, String session) throws RefusedException {
        return daemon.sessions().session(session).facts().clock().offsetTicks();
    }

    private SessionDaemon daemon(Clock clock) throws IOException {
        var daemon = new SessionDaemon(directory.resolve("run"), 0, clock, SUPERVISOR);
        daemon.start();
        return daemon;
    }

    private static void enableChannel(SessionDaemon daemon, DomainName domain) {
        assertThat(daemon.answer(new Request.EnableChannel("both", domain, "c", false, DEFAULTS)))
                .isInstanceOf(Reply.Done.class);
    }

    private static SessionView describe(SessionDaemon daemon) {
        return ((Reply.Sessions) daemon.answer(new Request.DescribeSession("both")))
                .sessions()
                .getFirst();
    }

    private String create(SessionDaemon daemon, String name) {
        Reply reply =
                daemon.answer(
                        new Request.CreateSession(
                                name,
                                SessionMode.DISK,
                                "",
                                0,
                                false,
                                directory.resolve("home").toString()));
        assertThat(reply).isInstanceOf(Reply.Created.class);
        return ((Reply.Created) reply).output();
    }

    private static final class SetClock implements Clock {
        private volatile long realtime;

        SetClock(long realtime) {
            this.realtime = realtime;
        }

        @Override
        public long monotonicNanos() {
            return 5_000_000_000L;
        }

        @Override
        public long realtimeNanos() {
            return realtime;
        }
    }

    /// A domain with a thread of its own that does what the test says.
    private static final class WaitingDomain implements Domain {
        private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
        private volatile CompletableFuture<List<Warning>> follower =
                CompletableFuture.completedFuture(List.of());
        private volatile Error error;
        private volatile boolean isDestroyed;

        @Override
        public boolean mayWait() {
            return true;
        }

        @Override
        public Set<DomainName> names() {
            return Set.of(DomainName.KERNEL);
        }

        @Override
        public List<dev.contrail.wire.InstrumentationPoint> points(
                DomainName domain, dev.contrail.wire.PointType type) {
            return List.of();
        }

        @Override
        public Recording open(SessionFacts session) {
            return new Recording() {
                @Override
                public CompletableFuture<List<Warning>> apply(ChannelPlan plan, boolean isActive) {
                    gate.join();
                    if (error != null && isActive) {
                        throw error;
                    }
                    return follower;
                }

                @Override
                public List<Ring> rings() {
                    return List.of();
                }

                @Override
                public void destroy() {
                    isDestroyed = true;
                }
            };
        }

        @Override
        public void close() {}
    }

    private static final class TestDomain implements Domain {
        private final DomainName name;
        private final List<String> applied = new ArrayList<>();

        TestDomain(DomainName name) {
            this.name = name;
        }

        @Override
        public Set<DomainName> names() {
            return Set.of(name);
        }

        @Override
        public List<dev.contrail.wire.InstrumentationPoint> points(
                DomainName domain, dev.contrail.wire.PointType type) {
            return List.of();
        }

        @Override
        public Recording open(SessionFacts session) {
            return new Recording() {
                @Override
                public CompletableFuture<List<Warning>> apply(ChannelPlan plan, boolean isActive) {
                    applied.add(plan.name());
                    return CompletableFuture.completedFuture(List.of());
                }

                @Override
                public List<Ring> rings() {
                    return List.of();
                }

                @Override
                public void destroy() {}
            };
        }

        @Override
        public void close() {}
    }
}
