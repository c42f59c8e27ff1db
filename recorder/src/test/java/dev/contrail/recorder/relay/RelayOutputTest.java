// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.tsdl.MetadataPackets;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.output.Packets;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.net.Tcp;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class RelayOutputTest {
    private static final StreamKey STREAM = Packets.key(0, 0);
    private static final int BYTES = 1000;

    @TempDir private Path directory;

    private RelayOutput output(FakeRelay relay, String path, long liveMicros) {
        return new RelayOutput(
                relay.endpoints(path),
                new Tcp(),
                TimeSource.SYSTEM,
                identity(path, liveMicros),
                new UUID(1, 2),
                LostRecords.in(directory.resolve("lost")),
                Optional.of(new CreationFile(directory.resolve("relay"), false)));
    }

    private static RelayIdentity identity(String path, long liveMicros) {
        var origin = new RelayIdentity.Origin(new UUID(3, 4), 5, false);
        return new RelayIdentity("s", "host", path, liveMicros, "", 0, Optional.of(origin));
    }

    private static IndexEntry give(RelayOutput output, long sequence) throws IOException {
        IndexEntry entry = Packets.entry(sequence, BYTES, 10, 0);
        give(output, entry);
        return entry;
    }

    private static void give(RelayOutput output, IndexEntry entry) throws IOException {
        output.metadata(Packets.TRACE, "/* CTF 1.8 */ " + "x".repeat(5000));
        output.store(STREAM, entry, Packets.packet(output.traceUuid(Packets.TRACE), entry));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 11, 13, 15, 99})
    void sendsPacketsToRelaysOfManyVersions(int minor) throws IOException, CtfException {
        try (var relay = new FakeRelay(new RelayVersion(2, minor));
                var output = output(relay, "", 0)) {
            IndexEntry sent = give(output, 0);
            give(output, 1);

            assertThat(relay.packets).hasSize(2);
            assertThat(relay.packets.get(1).header().netSeqNum()).isEqualTo(1);
            assertThat(relay.packets.get(0).bytes()).hasSize(BYTES);
            RelayRequest.SendIndex index = relay.all(RelayRequest.SendIndex.class).get(0);
            assertThat(index.packetBits()).isEqualTo(sent.packetBits());
            assertThat(index.beginTicks()).isEqualTo(sent.beginTicks());
            var streams = relay.all(RelayRequest.AddStream.class);
            assertThat(streams).hasSize(2);
            assertThat(streams.getLast().channelName()).hasToString("c_0");
            assertThat(streams.getLast().path().toString()).endsWith(Packets.TRACE);
            assertThat(streams.getLast().path().toString().startsWith("/host/s-"))
                    .isEqualTo(minor < 11);
            assertThat(relay.all(RelayRequest.StreamsSent.class)).hasSize(1);
            assertThat(relay.all(RelayRequest.CreateTraceChunk.class)).hasSize(minor < 11 ? 0 : 1);
            assertThat(MetadataPackets.unpack("metadata", relay.metadata()).text())
                    .isEqualTo("/* CTF 1.8 */ " + "x".repeat(5000));
            assertThat(relay.metadata().length % 4096).isZero();
        }
    }

    /// As LTTng's session daemon: the relay puts the moment behind other names only.
    @ParameterizedTest
    @CsvSource({
        "auto-20261130-010203,true",
        "auto-20261130-010203-2,true",
        "auto-1,false",
        "shop,false",
        "auto-20261130-010203x,false"
    })
    void saysWhetherItsNameHasTheMomentInIt(String name, boolean isNamedAfterTime) {
        var identity = new RelayIdentity(name, "host", "", 0, "", 0, Optional.empty());
        assertThat(identity.request(1, false, new UUID(1, 2)).isNamedAfterTime())
                .isEqualTo(isNamedAfterTime);
        assertThat(identity.request(1, true, new UUID(1, 2)).isNamedAfterTime()).isFalse();
    }

    @Test
    void announcesPaddingAndDoesNotSendIt() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 0)) {
            IndexEntry whole = Packets.entry(0, 4096, 10, 0);
            var padded = new IndexEntry(4096 * 8, 1000 * 8, 1, 2, 10, 0, 0, 0, 0);
            output.metadata(Packets.TRACE, "m");
            output.store(STREAM, padded, Packets.packet(new UUID(0, 0), whole));

            assertThat(relay.packets.get(0).header().contentBytes()).isEqualTo(1000);
            assertThat(relay.packets.get(0).header().paddingBytes()).isEqualTo(3096);
        }
    }

    /// The connection breaks when the relay has packet 1, and nobody knows; it and the next one are
    /// given up.
    private static void cutAndLoseTwo(FakeRelay relay, RelayOutput output) throws IOException {
        relay.isOurs = true;
        give(output, 0);
        relay.cutsAtCommit = true;
        IndexEntry there = Packets.entry(1, BYTES, 10, 0);
        assertThatThrownBy(() -> give(output, there)).isInstanceOf(IOException.class);
        output.lose(STREAM, there);
        output.lose(STREAM, Packets.entry(2, BYTES, 10, 0));
    }

    /// What was under way when the connection broke, and was given up since: a relay of ours says
    /// what it has, and only the rest is lost.
    @Test
    void whatTheRelayHasIsNotCountedAsLost() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 0)) {
            cutAndLoseTwo(relay, output);
            assertThat(output.lostRecords()).isEqualTo(20);
            assertThat(output.problem())
                    .contains("10 of the event records that could not be stored were under way");

            output.beginLast();
            give(output, 3);
            assertThat(output.lostRecords()).isEqualTo(10);
            assertThat(output.problem()).doesNotContain("under way");
            RelayRequest.SendIndex last =
                    relay.all(RelayRequest.SendPacket.class).getLast().index();
            assertThat(last.discardedEvents()).isEqualTo(10);
        }
    }

    /// Nor is it told to be: a session that is over tells in an empty packet.
    @Test
    void whatTheRelayHasIsNotToldAsLost() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS)) {
            try (var output = output(relay, "", 0)) {
                cutAndLoseTwo(relay, output);

                output.prepare();
                output.tellLosses();
                assertThat(output.lostRecords()).isEqualTo(10);
            } // which waits until the relay has all
            RelayRequest.SendPacket last = relay.all(RelayRequest.SendPacket.class).getLast();
            assertThat(last.index().discardedEvents()).isEqualTo(10);
            assertThat(last.mark().lostRecords()).isEqualTo(10);
        }
    }

    /// All that waited was given up while the relay was away, also by a daemon before this one.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasLostIsToldWhereNothingElseIsToBeSent(boolean isByAnother) throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS)) {
            relay.isOurs = true;
            try (var output = output(relay, "", 0)) {
                give(output, 0);
                relay.cutsAtCommit = true;
                IndexEntry there = Packets.entry(1, BYTES, 10, 0);
                assertThatThrownBy(() -> give(output, there)).isInstanceOf(IOException.class);
                output.lose(STREAM, Packets.entry(2, BYTES, 10, 0));
                if (!isByAnother) {
                    output.beginLast();
                    output.tellLosses();
                }
            }
            if (isByAnother) {
                try (var output = output(relay, "", 0)) {
                    output.goesOn(STREAM);
                    output.tellLosses();
                }
            }
            RelayRequest.SendPacket last = relay.all(RelayRequest.SendPacket.class).getLast();
            assertThat(last.index().discardedEvents()).isEqualTo(10);
        }
    }

    /// It closes the connection before as soon as it can.
    @Test
    void saysThatTheRelayIsNotDoneWithTheConnectionBefore() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 0)) {
            relay.isOurs = true;
            relay.session = ResultCode.PROTOCOL;
            assertThatThrownBy(() -> give(output, 0)).isInstanceOf(IOException.class);
            assertThat(output.problem())
                    .isEqualTo(
                            "Cannot send to %s: the relay still ends an earlier connection of this session"
                                    .formatted(relay.endpoints("")));
            relay.session = ResultCode.OK;
            output.prepare();
            assertThat(output.problem())
                    .matches("Nothing could be sent to .* until \\d\\d:\\d\\d:\\d\\d: .*");
        }
    }

    /// A relay that only waits fails nothing.
    @Test
    void saysThatTooMuchHasWaited() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 0)) {
            relay.isOurs = true;
            IndexEntry first = give(output, 0);
            assertThat(output.problem()).isEmpty();
            output.lose(STREAM, Packets.entry(1, BYTES, 10, first.endTicks()));
            assertThat(output.problem()).startsWith("More waited for tcp");
        }
    }

    @Test
    void waitsUntilTheRelayHasAPacket() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 0)) {
            relay.pending.set(3);
            give(output, 0);

            assertThat(relay.all(RelayRequest.DataPending.class)).hasSize(4);
        }
    }

    @Test
    void endsAsAProducerDoes() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS)) {
            try (var output = output(relay, "", 0)) {
                give(output, 0);
            }
            assertThat(relay.all(RelayRequest.CloseStream.class))
                    .extracting(RelayRequest.CloseStream::lastNetSeqNum)
                    .containsExactly(0L, RelayRequest.NONE);
            assertThat(relay.all(RelayRequest.CloseTraceChunk.class)).hasSize(1);
        }
    }

    @Test
    void beginsAnotherSessionAfterACutAndSaysSo() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "asked/for", 0)) {
            give(output, 0);
            relay.cutsAtIndex = true;
            assertThatThrownBy(() -> give(output, 1)).isInstanceOf(IOException.class);
            output.beginLast();
            give(output, 1);

            var sessions = relay.all(RelayRequest.CreateSession.class);
            assertThat(sessions).hasSize(2);
            assertThat(sessions.get(1).createdSeconds())
                    .isGreaterThan(sessions.get(0).createdSeconds());
            assertThat(sessions.get(0).basePath()).hasToString("asked/for");
            assertThat(sessions.get(1).basePath().toString()).startsWith("asked/for-2");
            assertThat(output.problem())
                    .contains("was lost, and made again")
                    .contains("a session of its own")
                    .contains("10 event records were under way");
            assertThat(output.lostRecords()).isZero();
        }
    }

    @Test
    void anotherDaemonDoesNotGetIntoTheDirectoryOfTheFirst() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS)) {
            try (var output = output(relay, "asked", 0)) {
                give(output, 0);
            }
            try (var output = output(relay, "asked", 0)) {
                give(output, 1);
                assertThat(output.problem()).contains("An earlier session daemon");
            }
            assertThat(relay.all(RelayRequest.CreateSession.class))
                    .extracting(each -> each.basePath().toString())
                    .satisfiesExactly(
                            first -> assertThat(first).isEqualTo("asked"),
                            next -> assertThat(next).startsWith("asked-2"));
        }
    }

    @Test
    void tellsOfLossesInTheNextPacketOrInAnEmptyOne() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 0)) {
            give(output, 0);
            output.lose(STREAM, Packets.entry(1, BYTES, 10, 0));
            give(output, 2);
            output.lose(STREAM, Packets.entry(3, BYTES, 5, 0));
            output.tellLosses();

            assertThat(relay.all(RelayRequest.SendIndex.class))
                    .extracting(RelayRequest.SendIndex::discardedEvents)
                    .containsExactly(0L, 10L, 15L);
            assertThat(relay.all(RelayRequest.SendIndex.class))
                    .extracting(RelayRequest.SendIndex::packetSequence)
                    .containsExactly(0L, 2L, 3L);
            assertThat(output.lostRecords()).isEqualTo(15);
        }
    }

    @Test
    void whatWasLostBeforeTheFirstPacketIsToldByTwo() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 0)) {
            output.lose(STREAM, Packets.entry(0, BYTES, 10, 0));
            give(output, 1);

            assertThat(relay.all(RelayRequest.SendIndex.class))
                    .extracting(RelayRequest.SendIndex::discardedEvents)
                    .containsExactly(0L, 10L);
        }
    }

    @Test
    void aRelayThatIsGoneIsNotWaitedFor() throws IOException {
        var relay = new FakeRelay(RelayVersion.OURS);
        try (var output = output(relay, "", 0)) {
            relay.close();
            assertThatThrownBy(output::prepare)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Connection re");
            assertThatThrownBy(() -> give(output, 0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Connection re");
            assertThat(output.problem()).startsWith("Cannot send to tcp4://127.0.0.1:");
        }
    }

    @Test
    void whatWasUnderWayAndIsGivenUpIsSaid() throws IOException {
        var relay = new FakeRelay(RelayVersion.OURS);
        try (var output = output(relay, "", 0)) {
            give(output, 0);
            relay.cutsAtIndex = true;
            IndexEntry entry = Packets.entry(1, BYTES, 10, 0);
            output.packet(STREAM, entry, Packets.packet(new UUID(0, 0), entry));

            assertThat(output.lostRecords()).isEqualTo(10);
            assertThat(output.problem()).contains("10 of the event records that could not be");
        } finally {
            relay.close();
        }
    }

    @Test
    void refusesARelayThatIsTooOldOrRefusesTheSession() throws IOException {
        try (var relay = new FakeRelay(new RelayVersion(2, 3));
                var output = output(relay, "", 0)) {
            assertThatThrownBy(output::prepare).hasMessageContaining("version 2.3");
        }
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 0)) {
            relay.session = ResultCode.FATAL;
            assertThatThrownBy(output::prepare)
                    .hasMessageContaining("refuses CREATE_SESSION with error 25");
        }
    }

    @Test
    void neverSendsASizeWithoutACount() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 0)) {
            IndexEntry entry = Packets.entry(0, BYTES, 10, 0);
            output.store(Packets.key(4096, 0), entry, Packets.packet(new UUID(0, 0), entry));

            assertThat(relay.all(RelayRequest.AddStream.class))
                    .allSatisfy(each -> assertThat(each.tracefileBytes()).isZero());
        }
    }

    @Test
    void tellsViewersHowFarAQuietStreamIsOnceItHasAPacket() throws IOException {
        try (var relay = new FakeRelay(RelayVersion.OURS);
                var output = output(relay, "", 500_000)) {
            output.metadata(Packets.TRACE, "/* CTF 1.8 */ ");
            output.announce(STREAM);
            output.beat(5_000);
            assertThat(relay.all(RelayRequest.SendIndex.class)).isEmpty();
            give(output, 0);
            output.beat(6_000);
            output.beat(6_000);

            List<RelayRequest.SendIndex> all = relay.all(RelayRequest.SendIndex.class);
            assertThat(all).hasSize(2);
            assertThat(all.get(1).isBeacon()).isTrue();
            assertThat(all.get(1).endTicks()).isEqualTo(6_000);
            assertThat(all.get(1).netSeqNum()).isZero();
            assertThat(relay.all(RelayRequest.CreateSession.class).getFirst().liveTimerMicros())
                    .isEqualTo(500_000);
        }
    }
}
