// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.relay.chunk.OutputLayout;
import dev.contrail.relay.journal.LeftSessions;
import dev.contrail.relay.request.Refusal;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.relay.stream.MetadataStream;
import dev.contrail.relay.stream.StoredStream;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.AddStream;
import dev.contrail.wire.relay.RelayRequest.CloseTraceChunk;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.RelayRequest.CreateTraceChunk;
import dev.contrail.wire.relay.RelayRequest.RotateStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedTracesTest {
    private static final int BYTES = 1000;

    /// Headers of index files, and labels.
    private static final int SLACK = 900;

    private static final long HOUR_MILLIS = 3_600_000;
    private static final RelayVersion VERSION = new RelayVersion(2, 13);

    @TempDir private Path root;

    private RelaySessions sessions() {
        return new RelaySessions(
                new OutputLayout(root, false, ZoneOffset.UTC), true, 100, new Random(1));
    }

    private RelaySession session(RelaySessions sessions, String name) throws IOException, Refusal {
        RelaySession session =
                sessions.open(
                        new CreateSession(
                                CString.of(name),
                                CString.of("h"),
                                CString.EMPTY,
                                1000,
                                false,
                                false,
                                new UUID(1, name.hashCode()),
                                1,
                                1000,
                                false,
                                0,
                                CreateSession.CTF_1_8),
                        VERSION);
        session.createChunk(new CreateTraceChunk(0, 1000, CString.EMPTY));
        add(session, "metadata");
        return session;
    }

    private static StoredStream add(RelaySession session, String channel) throws Refusal {
        long handle =
                session.addStream(new AddStream(CString.of(channel), CString.of("ust"), 0, 0, 0));
        session.publish();
        return session.stream(handle).orElseThrow();
    }

    private static void write(StoredStream stream, long number) throws IOException {
        ((DataStream) stream).append(number, ByteBuffer.allocate(BYTES), 0);
    }

    private static void date(Path directory, long millis) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(each, FileTime.fromMillis(millis));
            }
        }
    }

    private void ended(RelaySessions sessions, String name, long millis)
            throws IOException, Refusal {
        RelaySession session = session(sessions, name);
        write(add(session, "c_0"), 0);
        session.end();
        date(session.place(), millis);
    }

    private List<String> left() throws IOException {
        try (var below = Files.list(root.resolve("h"))) {
            return below.map(each -> each.getFileName().toString().replaceFirst("-.*", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theOldestGoUntilThereIsRoom() throws IOException, Refusal {
        RelaySessions sessions = sessions();
        ended(sessions, "b", 2000);
        ended(sessions, "a", 3000);
        ended(sessions, "c", 1000);
        new RetainedTraces(sessions, root, new Retention(3 * BYTES + SLACK, 0))
                .enforce(HOUR_MILLIS);
        assertThat(left()).containsExactly("a", "b", "c");
        new RetainedTraces(sessions, root, new Retention(2 * BYTES + SLACK, 0))
                .enforce(HOUR_MILLIS);
        assertThat(left()).containsExactly("a", "b");
        assertThat(sessions.readable()).hasSize(2);
        assertThat(root.resolve(RetainedTraces.REMOVED)).doesNotExist();
    }

    /// Also those that a relay before this one has stored.
    @Test
    void whatIsTooOldGoes() throws IOException, Refusal {
        ended(sessions(), "old", 1000);
        RelaySessions sessions = sessions();
        ended(sessions, "new", 2 * HOUR_MILLIS);
        new RetainedTraces(sessions, root, new Retention(0, 3600)).enforce(2 * HOUR_MILLIS + 1000);
        assertThat(left()).containsExactly("new");
    }

    /// Whose directory tells nothing, as users have named it themselves.
    @Test
    void whatAnEarlierRelayHasShownGoesWithItsLabel() throws IOException, Refusal {
        ended(sessions(), "old", 1000);
        Path session = root.resolve("h/old-19700101-001640");
        Files.move(session, root.resolve("h/mine"));
        RelaySessions sessions = sessions();
        sessions.takeUp(LeftSessions.mend(root));
        assertThat(sessions.readable()).hasSize(1);
        new RetainedTraces(sessions, root, new Retention(0, 3600)).enforce(2 * HOUR_MILLIS);
        assertThat(left()).isEmpty();
        assertThat(sessions.readable()).isEmpty();
    }

    @Test
    void whatIsRecordedIntoStays() throws IOException, Refusal {
        RelaySessions sessions = sessions();
        RelaySession session = session(sessions, "s");
        StoredStream data = add(session, "c_0");
        write(data, 0);
        session.createChunk(new CreateTraceChunk(1, 2000, CString.EMPTY));
        session.rotate(
                new RotateStreams(
                        true,
                        1,
                        List.of(new RotateStreams.Position(data.handle(), 0)),
                        RotateStreams.Padding.X86_64));
        for (StoredStream each : session.published().after(0, 9).streams().values()) {
            if (each instanceof MetadataStream) {
                session.rotate(
                        new RotateStreams(
                                true,
                                1,
                                List.of(new RotateStreams.Position(each.handle(), 0)),
                                RotateStreams.Padding.X86_64));
            }
        }
        session.closeChunk(new CloseTraceChunk(0, 2000, true, CloseTraceChunk.MOVE_TO_ARCHIVES));
        write(data, 1);
        date(session.place(), 1000);
        new RetainedTraces(sessions, root, new Retention(1, 1)).enforce(HOUR_MILLIS);

        assertThat(left()).containsExactly("s");
        Path archives = session.place().resolve(OutputLayout.ARCHIVES);
        assertThat(Files.list(archives)).isEmpty();
        try (var files = Files.walk(session.place())) {
            assertThat(files.filter(each -> each.endsWith("c_0"))).hasSize(1);
        }
    }

    @Test
    void whatIsNoSessionStays() throws IOException {
        for (String each : List.of("h/notes", "auto-20250101-000000/kernel", "x-20250101-000000")) {
            Files.createDirectories(root.resolve(each));
            Files.write(root.resolve(each).resolve("file"), new byte[BYTES]);
        }
        Files.createDirectories(root.resolve("h/s-20250101-000000"));
        Files.createSymbolicLink(root.resolve("h/l-20250101-000000"), root.resolve("h/notes"));
        new RetainedTraces(sessions(), root, new Retention(1, 1))
                .enforce(System.currentTimeMillis());
        try (var files = Files.walk(root)) {
            assertThat(files.filter(each -> each.endsWith("file"))).hasSize(3);
        }
    }
}
