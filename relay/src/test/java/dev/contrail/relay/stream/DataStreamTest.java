// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.relay.chunk.OutputLayout;
import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayRequest.SendIndex;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataStreamTest {
    private static final int BYTES = 4096;

    @TempDir private Path directory;

    private final Changes changes = new Changes();

    private DataStream stream() throws IOException {
        var layout = new OutputLayout(directory, false, ZoneOffset.UTC);
        Path session = directory.resolve("s");
        var chunk = TraceChunk.whole(layout, session);
        var shape = new StreamFiles.Shape(Path.of("ust/c_0"), 0, 0, true, 13, true);
        var files = new StreamFiles(shape, chunk, new HashSet<>());
        var group = new StreamGroup(1, CString.of("ust"), 0, changes);
        return new DataStream(1, group, CString.of("c_0"), files, true);
    }

    private static void append(DataStream stream, long number) throws IOException {
        var index = new SendIndex(1, number, BYTES * 8L, BYTES * 8L, 1, 2, 0, 0, 0, number);
        stream.append(index, new StreamMark(number, 0), ByteBuffer.allocate(BYTES), 0);
    }

    /// A session that is given up, as when its journal could not be written: its producer sends
    /// again what the journal does not have, and it may be something else.
    @Test
    void whatWasNotCommittedStaysUnseenAtTheEnd() throws IOException {
        DataStream stream = stream();
        append(stream, 0);
        stream.committed(stream.stored().orElseThrow());
        append(stream, 1);
        stream.end();
        assertThat(stream.isShown(0)).isTrue();
        assertThat(stream.isShown(1)).isFalse();
        assertThat(stream.lastJoined()).isZero();
        assertThat(stream.missingAfter(0)).isZero();
    }

    /// Who is woken for nothing, or waits for the lock at once, costs more than what is shown.
    @Test
    void tellsViewersOnceAPacketAndWithoutItsLock() throws Exception {
        DataStream stream = stream();
        var told = new ArrayList<Boolean>();
        changes.add(() -> told.add(Thread.holdsLock(stream)));
        stream.append(0, ByteBuffer.allocate(BYTES), 0);
        assertThat(told).isEmpty();
        stream.append(new SendIndex(1, 0, BYTES * 8L, BYTES * 8L, 1, 2, 0, 0, 0, 0));
        assertThat(told).containsExactly(false);

        append(stream, 1);
        assertThat(told).hasSize(1);
        stream.committed(stream.stored().orElseThrow());
        assertThat(told).containsExactly(false, false);
    }

    /// A beacon is withheld as long as an index says that a packet is to come.
    @Test
    void tellsViewersOfAPacketThatDoesNotCome() throws Exception {
        DataStream stream = stream();
        stream.append(new SendIndex(1, 0, BYTES * 8L, BYTES * 8L, 1, 2, 0, 0, 0, 0));
        var told = new ArrayList<Boolean>();
        changes.add(() -> told.add(Thread.holdsLock(stream)));
        stream.drop(0, "it is too long");
        assertThat(told).containsExactly(false);
    }
}
