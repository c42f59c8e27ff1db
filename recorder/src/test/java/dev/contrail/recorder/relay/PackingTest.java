// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.relay.RelayRequest.SendPacket;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackingTest {
    private static final int RECORD_BYTES = 62;

    private final Packing packing = new Packing();

    /// Records as the kernel's switches between 12 tasks and none are: what was next is previous.
    private static ByteBuffer switches(int count) {
        var random = new Random(1);
        var packet = ByteBuffer.allocate(count * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int previous = 0;
        int time = 0;
        for (int i = 0; i < count; i++) {
            int next = previous == 0 ? 1 + random.nextInt(12) : 0;
            time += 5_000 + random.nextInt(200_000);
            packet.putShort((short) 4).putInt(time);
            task(packet, previous);
            packet.putLong(previous == 0 ? 0 : 1);
            task(packet, next);
            previous = next;
        }
        return packet.flip();
    }

    private static void task(ByteBuffer packet, int task) {
        byte[] name = (task == 0 ? "swapper/0" : "worker-" + task).getBytes(StandardCharsets.UTF_8);
        packet.put(name).put(new byte[16 - name.length]);
        packet.putInt(task == 0 ? 0 : 1000 + task).putInt(20);
    }

    @Test
    void aSwitchNeedsTwelveBytesAtMost() {
        ByteBuffer plain = switches(960);
        ByteBuffer packed = packing.packed(plain).orElseThrow();
        assertThat(packed.remaining()).isLessThanOrEqualTo(960 * 12);
        byte[] out = new byte[plain.remaining()];
        int count =
                new ZstdJavaDecompressor()
                        .decompress(packed.array(), 0, packed.limit(), out, 0, out.length);
        assertThat(count).isEqualTo(out.length);
        assertThat(ByteBuffer.wrap(out)).isEqualTo(plain);
    }

    @Test
    void whatDoesNotBecomeShorterIsSentAsItIs() {
        byte[] noise = new byte[10_000];
        new Random(2).nextBytes(noise);
        assertThat(packing.packed(ByteBuffer.wrap(noise))).isEmpty();
        // For a while nothing is tried, then again.
        assertThat(packing.packed(switches(100))).isEmpty();
        Optional<ByteBuffer> packed = Optional.empty();
        for (int i = 0; i < 16; i++) {
            packed = packing.packed(switches(100));
        }
        assertThat(packed).isPresent();
    }

    @Test
    void whatIsTooShortOrTooLongIsSentAsItIs() {
        assertThat(packing.packed(ByteBuffer.allocate(255))).isEmpty();
        assertThat(packing.packed(ByteBuffer.allocate(SendPacket.MAX_PACKED_BYTES + 1))).isEmpty();
        assertThat(packing.packed(ByteBuffer.allocate(SendPacket.MAX_PACKED_BYTES))).isPresent();
    }
}
