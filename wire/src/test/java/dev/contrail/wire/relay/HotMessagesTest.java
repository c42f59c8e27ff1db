// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// What there is one of for each packet makes no garbage but its records.
class HotMessagesTest {
    private static final int TIMES = 10_000;

    /// Headers of objects included: what a heap above 32 GiB would need.
    private static final int SEND_INDEX_BYTES = 16 + 80;

    private static final int HEADER_BYTES = 16 + 32;

    private interface Work {
        void run() throws ProtocolException;
    }

    @Test
    void anIndexIsOneRecordAndItsHeader() throws ProtocolException {
        var index = new RelayRequest.SendIndex(1, 2, 32768, 480, 5, 6, 0, 0, 1, 2);
        var buffer = ByteBuffer.allocate(104);
        assertThat(allocated(() -> encode(index, buffer))).isLessThan(TIMES);
        assertThat(allocated(() -> assertSame(index, decode(buffer))))
                .isLessThan((long) TIMES * (SEND_INDEX_BYTES + HEADER_BYTES) + TIMES);
    }

    private static void encode(RelayRequest request, ByteBuffer out) {
        RelayRequestEncoder.encode(request, RelayVersion.OURS, out.clear());
    }

    private static RelayRequest decode(ByteBuffer received) throws ProtocolException {
        CommandHeader header = CommandHeader.decode(received.rewind());
        return RelayRequestDecoder.decode(header, RelayVersion.OURS, received);
    }

    @Test
    void aPacketsHeaderIsOneRecord() throws ProtocolException {
        var header = new DataHeader(0, 1, 2, 480, 3616);
        var buffer = ByteBuffer.allocate(DataHeader.BYTES);
        assertThat(allocated(() -> header.encode(buffer.clear()))).isLessThan(TIMES);
        assertThat(allocated(() -> assertSame(header, DataHeader.decode(buffer.rewind()))))
                .isLessThan((long) TIMES * (16 + 40) + TIMES);
    }

    @Test
    void aReplyIsOneRecord() throws ProtocolException {
        var reply = new RelayReply.Result(ResultCode.OK);
        var buffer = ByteBuffer.allocate(4);
        assertThat(
                        allocated(() ->
                                RelayReplyCodec.encode(reply, RelayVersion.OURS, buffer.clear())))
                .isLessThan(TIMES);
        assertThat(
                        allocated(() ->
                                assertSame(
                                        reply,
                                        RelayReplyCodec.decode(
                                                RelayCommand.SEND_INDEX,
                                                RelayVersion.OURS,
                                                buffer.rewind()))))
                .isLessThan((long) TIMES * 24 + TIMES);
    }

    private static void assertSame(Object wanted, Object got) {
        if (!wanted.equals(got)) {
            throw new AssertionError(got);
        }
    }

    /// How many bytes this thread allocates when it does something often, once it has done so.
    private static long allocated(Work work) throws ProtocolException {
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (int round = 0; round < 3; round++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TIMES; i++) {
                work.run();
            }
            bytes = thread.getCurrentThreadAllocatedBytes() - before;
        }
        return bytes;
    }
}
