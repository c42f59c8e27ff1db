// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.relay.chunk.OutputLayout;
import dev.contrail.relay.journal.LeftSessions;
import dev.contrail.relay.label.LabelFile;
import dev.contrail.relay.request.Refusal;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.relay.stream.MetadataStream;
import dev.contrail.relay.stream.StoredStream;
import dev.contrail.relay.stream.StreamCursor;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequest.AddStream;
import dev.contrail.wire.relay.RelayRequest.CloseTraceChunk;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.RelayRequest.CreateTraceChunk;
import dev.contrail.wire.relay.RelayRequest.SendIndex;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions whose producers may come back to the next relay: viewers are not told that they have
/// ended before it is likely.
class AbsentProducerTest {
    private static final int BYTES = 1000;
    private static final CreateSession REQUEST =
            new CreateSession(
                    CString.of("s"),
                    CString.of("h"),
                    CString.EMPTY,
                    1000,
                    false,
                    true,
                    new UUID(1, 2),
                    1,
                    1000,
                    false,
                    0,
                    CreateSession.CTF_1_8);

    @TempDir private Path root;

    /// Of a relay that begins.
    private RelaySessions sessions() {
        var sessions =
                new RelaySessions(
                        new OutputLayout(root, false, ZoneOffset.UTC), true, 100, new Random(1));
        sessions.takeUp(LeftSessions.mend(root));
        return sessions;
    }

    private static RelaySession resume(RelaySessions sessions) throws IOException, Refusal {
        RelaySession session = sessions.resume(REQUEST, new RelayVersion(2, 15), false, () -> {});
        session.createChunk(new CreateTraceChunk(0, 1000, CString.EMPTY));
        return session;
    }

    private static StoredStream stream(RelaySession session, String channel) throws Refusal {
        StoredStream stream =
                session.resumeStream(
                        new AddStream(CString.of(channel), CString.of("ust"), 0, 0, 0));
        session.publish();
        return stream;
    }

    private static DataStream begin(RelaySession session) throws IOException, Refusal {
        var metadata = (MetadataStream) stream(session, "metadata");
        metadata.append(ByteBuffer.wrap(new byte[] {'m'}), 0, new StreamMark(1, 0));
        session.resumption().orElseThrow().stored(metadata, false);
        return (DataStream) stream(session, "c_0");
    }

    private static void send(RelaySession session, DataStream to, long number) throws IOException {
        to.append(
                new SendIndex(
                        to.handle(), number, BYTES * 8, BYTES * 8, number, number, 0, 0, 0, number),
                new StreamMark(number, 0),
                ByteBuffer.allocate(BYTES),
                0);
        session.resumption().orElseThrow().stored(to, true);
        session.resumption().orElseThrow().commit();
    }

    private static List<Long> numbers(RelaySession session) throws IOException {
        var numbers = new ArrayList<Long>();
        for (StoredStream each : session.published().after(0, 100).streams().values()) {
            if (each instanceof DataStream data) {
                try (var cursor = StreamCursor.atVeryBeginning(data)) {
                    while (cursor.next()
                            instanceof StreamCursor.Step.Packet(long number, long _, var _)) {
                        numbers.add(number);
                    }
                }
            }
        }
        return numbers;
    }

    /// Ended with its relay, while its producer was there.
    private void leave(int packets) throws IOException, Refusal {
        RelaySession session = resume(sessions());
        DataStream data = begin(session);
        for (int i = 0; i < packets; i++) {
            send(session, data, i);
        }
        session.end();
    }

    @Test
    void whoStaysAwayIsShownAtLast() throws IOException, Refusal {
        leave(3);
        RelaySessions sessions = sessions();
        assertThat(sessions.readable()).isEmpty();
        assertThat(sessions.awaitsProducers()).isTrue();
        sessions.showAbsent();
        assertThat(sessions.awaitsProducers()).isFalse();
        assertThat(sessions.readable()).hasSize(1).allMatch(RelaySession::isEnded);
        assertThat(numbers(sessions.readable().getFirst())).containsExactly(0L, 1L, 2L);
    }

    /// Neither twice nor as one that has ended, whenever it comes.
    @Test
    void whoComesBackGoesOn() throws IOException, Refusal {
        leave(3);
        for (boolean isLate : new boolean[] {false, true}) {
            RelaySessions sessions = sessions();
            if (isLate) {
                sessions.showAbsent();
                assertThat(sessions.readable()).hasSize(1);
            }
            RelaySession again = resume(sessions);
            begin(again);
            sessions.showAbsent();
            assertThat(sessions.readable()).containsExactly(again);
            assertThat(LabelFile.read(again.place().resolve(LabelFile.NAME)).isOfBeginning())
                    .isTrue();
            assertThat(numbers(again)).containsExactly(0L, 1L, 2L);
            again.end();
        }
    }

    /// The relay was killed while its producer was there.
    private void kill(RelaySession session) throws IOException {
        session.resumption().orElseThrow().close(); // the system does
    }

    /// As soon as the next relay shows what its producer does not go on with; and the one after it.
    @Test
    void whatItsRelayWasKilledInIsShownAtLast() throws IOException, Refusal {
        RelaySession killed = resume(sessions());
        DataStream data = begin(killed);
        send(killed, data, 0);
        send(killed, data, 1);
        var closed = (DataStream) stream(killed, "c_1");
        send(killed, closed, 0);
        killed.close(closed, 0);
        kill(killed);
        for (int i = 0; i < 2; i++) {
            RelaySessions sessions = sessions();
            assertThat(sessions.readable()).isEmpty();
            RelaySession later =
                    sessions.open(
                            new CreateSession(
                                    CString.of("later"),
                                    REQUEST.host(),
                                    CString.EMPTY,
                                    0,
                                    false,
                                    true,
                                    new UUID(3, 4),
                                    1,
                                    1000,
                                    false,
                                    0,
                                    CreateSession.CTF_1_8),
                            new RelayVersion(2, 15));
            sessions.showAbsent();
            assertThat(sessions.readable()).hasSize(2).last().isSameAs(later);
            RelaySession shown = sessions.readable().getFirst();
            assertThat(shown.isEnded()).isTrue();
            assertThat(shown.request().name()).isEqualTo(REQUEST.name());
            assertThat(numbers(shown)).containsExactlyInAnyOrder(0L, 1L, 0L);
            later.end();
        }
        RelaySessions sessions = sessions();
        sessions.showAbsent();
        RelaySession again = resume(sessions); // it comes back all the same
        data = begin(again);
        send(again, data, 2);
        assertThat(sessions.readable()).containsExactly(again);
        assertThat(numbers(again)).containsExactlyInAnyOrder(0L, 1L, 2L, 0L);
        close(again);
    }

    /// Who has come back and ended is there once.
    @Test
    void whoCameBackAndEndedIsNotShownAgain() throws IOException, Refusal {
        leave(2);
        RelaySessions sessions = sessions();
        RelaySession again = resume(sessions);
        begin(again);
        close(again);
        sessions.showAbsent();
        assertThat(sessions.readable()).containsExactly(again);
    }

    /// Also in one relay.
    @Test
    void whatHasEndedIsNotBesideWhatGoesOn() throws IOException, Refusal {
        RelaySessions sessions = sessions();
        RelaySession session = resume(sessions);
        send(session, begin(session), 0);
        session.end();
        assertThat(sessions.readable()).containsExactly(session);
        RelaySession again = resume(sessions);
        assertThat(sessions.readable()).containsExactly(again);
        again.end();
    }

    /// The journal goes after the label has come: a relay that is killed between the two leaves
    /// both.
    @Test
    void whatIsCompleteIsShownAtOnce() throws IOException, Refusal {
        RelaySession session = resume(sessions());
        DataStream data = begin(session);
        send(session, data, 0);
        session.close(data, 0);
        session.closeChunk(new CloseTraceChunk(0, 2000, false, 0));
        RelaySessions next = sessions(); // the first one is still there, as if it had been killed
        assertThat(next.awaitsProducers()).isFalse();
        assertThat(next.readable()).hasSize(1);
        assertThat(numbers(next.readable().getFirst())).containsExactly(0L);
        session.end();
    }

    /// Those that its producer has closed, as of JVMs that have ended, are seen beside those that
    /// go on: its producer does not say them again.
    @Test
    void whatWasClosedBeforeIsStillSeen() throws IOException, Refusal {
        RelaySession session = resume(sessions());
        DataStream ended = begin(session);
        send(session, ended, 0);
        session.close(ended, 0);
        var other = (DataStream) stream(session, "c_1");
        send(session, other, 0);
        send(session, other, 1);
        for (int i = 0; i < 2; i++) { // each of them a relay's
            session.end();
            session = resume(sessions());
            assertThat(numbers(session)).containsExactly(0L);
            stream(session, "metadata");
            stream(session, "c_1");
            assertThat(numbers(session)).containsExactlyInAnyOrder(0L, 0L, 1L);
        }
        close(session);
        assertThat(numbers(sessions().readable().getFirst())).containsExactlyInAnyOrder(0L, 0L, 1L);
    }

    /// Its producer may not have said that it is closed, and may never come back to it.
    @Test
    void whatNobodyGoesOnWithIsSeenAtTheEnd() throws IOException, Refusal {
        RelaySession session = resume(sessions());
        send(session, begin(session), 0);
        session.end();
        RelaySession again = resume(sessions());
        assertThat(numbers(again)).isEmpty();
        close(again);
        assertThat(numbers(again)).containsExactly(0L);
        assertThat(numbers(sessions().readable().getFirst())).containsExactly(0L);
    }

    @Test
    void whatWasClosedAndGoesOnIsSeenOnce() throws IOException, Refusal {
        RelaySession session = resume(sessions());
        DataStream data = begin(session);
        send(session, data, 0);
        session.close(data, 0);
        DataStream same = begin(session);
        send(session, same, 1);
        assertThat(numbers(session)).containsExactly(0L, 1L);
        session.close(same, 1);
        session.end();
        RelaySession again = resume(sessions());
        assertThat(numbers(again)).containsExactly(0L, 1L);
        send(again, begin(again), 2);
        assertThat(numbers(again)).containsExactly(0L, 1L, 2L);
        close(again);
        assertThat(numbers(sessions().readable().getFirst())).containsExactly(0L, 1L, 2L);
    }

    /// Its producer has said all of it.
    private static void close(RelaySession session) throws IOException, Refusal {
        for (StoredStream each : session.published().after(0, 100).streams().values()) {
            if (!each.isClosed()) {
                session.close(each, RelayRequest.NONE);
            }
        }
        session.closeChunk(new CloseTraceChunk(0, 2000, false, 0));
        session.end();
    }
}
