// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.Clock;
import dev.contrail.ctf.ClockClass;
import dev.contrail.recorder.file.StateLog;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a daemon finds of those before it.
class SavedSessionsTest {
    private static final String OTHER_BOOT = "0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f";

    @TempDir Path directory;

    private SavedSessions sessions() {
        return new SavedSessions(directory, 0, "host", Clock.system());
    }

    private static SessionFile session(
            long id, String name, SessionMode mode, SessionState state, String boot) {
        return new SessionFile(
                id,
                name,
                mode,
                "20261123T101500+0000",
                mode == SessionMode.DISK ? "/no/such/output" : "",
                0,
                false,
                UUID.randomUUID(),
                ClockClass.monotonic(boot, 5),
                state,
                1,
                List.of(),
                List.of(),
                1,
                0,
                1,
                "");
    }

    private Path save(SessionFile session) throws IOException {
        Path state = Files.createDirectory(directory.resolve(Long.toHexString(session.id())));
        SavedSessions.begin(state).keep(session);
        return state;
    }

    @Test
    void thereAreNoneInADirectoryThatIsNotThere() throws IOException {
        var none = new SavedSessions(directory.resolve("none"), 0, "host", Clock.system());

        assertThat(none.find()).isEmpty();
        assertThat(none.problems()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(SessionMode.class)
    void eachIsAsItWasKept(SessionMode mode) throws IOException {
        SessionFile kept = session(7, "s", mode, SessionState.STOPPED, StateLog.currentBoot());
        Path state = save(kept);
        List<SavedSessions.Saved> found = sessions().find();

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().state()).isEqualTo(kept);
        assertThat(found.getFirst().facts().isSnapshot()).isEqualTo(mode != SessionMode.DISK);
        assertThat(found.getFirst().facts().stateDirectory()).isEqualTo(state);
        assertThat(found.getFirst().facts().hostname()).isEqualTo("host");
    }

    @Test
    void oneThatCannotBeReadIsPutAsideAndTold() throws IOException {
        Path good = save(session(1, "good", SessionMode.SNAPSHOT, SessionState.CREATED, boot()));
        Path bad = Files.createDirectory(directory.resolve("2"));
        Files.writeString(bad.resolve("session"), "nonsense");
        Files.writeString(bad.resolve("spill"), "records");
        SavedSessions sessions = sessions();

        assertThat(sessions.find()).extracting(each -> each.state().name()).containsExactly("good");
        assertThat(sessions.problems())
                .singleElement()
                .extracting(Warning::text)
                .asString()
                .startsWith("Session 2 could not be taken up: ")
                .contains("its state was put aside as ");
        assertThat(bad).doesNotExist();
        assertThat(good).exists();
        try (var all = Files.list(directory)) {
            Path aside =
                    all.filter(each -> each.getFileName().toString().startsWith("unreadable-"))
                            .findFirst()
                            .orElseThrow();
            assertThat(aside.resolve("spill")).hasContent("records");
        }
        assertThat(sessions().find()).as("it is left alone from then on").hasSize(1);
    }

    @Test
    void whatWasOnlyBegunIsDeleted() throws IOException {
        Path begun = Files.createDirectory(directory.resolve("1"));
        SavedSessions.begin(begun);
        Path empty = Files.createDirectory(directory.resolve("2"));
        Path half = Files.createDirectory(directory.resolve("3"));
        Files.writeString(half.resolve(".session.new"), "half of a first state");
        SavedSessions sessions = sessions();

        assertThat(sessions.find()).isEmpty();
        assertThat(sessions.problems()).isEmpty();
        assertThat(List.of(begun, empty, half)).noneMatch(Files::exists);
    }

    @Test
    void filesBesideThemAreNoSessions() throws IOException {
        Files.writeString(directory.resolve("file"), "x");

        assertThat(sessions().find()).isEmpty();
        assertThat(directory.resolve("file")).exists();
    }

    @Test
    void aStateWhoseEndIsTornIsTheOneBeforeAndSaysSo() throws IOException {
        Path state = save(session(1, "torn", SessionMode.SNAPSHOT, SessionState.ACTIVE, boot()));
        Files.writeString(state.resolve("session"), "half of a record", StandardOpenOption.APPEND);
        SavedSessions sessions = sessions();

        assertThat(sessions.find())
                .singleElement()
                .matches(each -> each.state().state() == SessionState.ACTIVE);
    }

    @Test
    void afterARestartOfTheMachineMemoryIsGoneAndTheTraceIsAnother() throws IOException {
        SessionFile kept = session(1, "s", SessionMode.DISK, SessionState.ACTIVE, OTHER_BOOT);
        Path state = save(kept);
        Files.writeString(state.resolve("jvm-0"), "rings of the boot before");
        Path folder = Files.createDirectory(state.resolve("folder"));
        SessionFile found = sessions().find().getFirst().state();

        assertThat(state.resolve("jvm-0")).doesNotExist();
        assertThat(folder).as("only files were of rings").exists();
        assertThat(found.boots()).isEqualTo(2);
        assertThat(found.clock().uuid().toString()).isEqualTo(boot());
        assertThat(found.notice())
                .isEqualTo(
                        "The machine was restarted: what was in memory is gone; events from now on"
                                + " go to /no/such/output/boot-2");
        assertThat(sessions().find().getFirst().state()).as("it is kept").isEqualTo(found);
    }

    @Test
    void afterARestartASessionWithoutATraceHasNoOther() throws IOException {
        save(session(1, "s", SessionMode.SNAPSHOT, SessionState.ACTIVE, OTHER_BOOT));

        assertThat(sessions().find().getFirst().state().notice())
                .isEqualTo("The machine was restarted: what was in memory is gone");
    }

    /// Whatever lies there, a daemon starts: it takes the session up, or puts it aside.
    @Test
    void aDaemonStartsWhateverWasDoneToAState() throws IOException {
        Path state = save(session(1, "s", SessionMode.SNAPSHOT, SessionState.ACTIVE, boot()));
        byte[] good = Files.readAllBytes(state.resolve("session"));
        var random = new Random(3);
        int taken = 0;
        int aside = 0;
        for (int turn = 0; turn < 300; turn++) {
            byte[] bad = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Files.createDirectories(state);
            Files.write(state.resolve("session"), bad);
            SavedSessions sessions = sessions();
            int found = sessions.find().size();
            taken += found;
            aside += found == 0 && !Files.exists(state) ? 1 : 0;
            assertThat(found == 1 || !Files.exists(state)).as("turn %d", turn).isTrue();
        }
        assertThat(taken + aside).isEqualTo(300);
        assertThat(aside).isPositive();
    }

    private static String boot() {
        try {
            return StateLog.currentBoot();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
