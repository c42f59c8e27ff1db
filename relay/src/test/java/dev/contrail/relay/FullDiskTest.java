// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A disk without room costs whole packets, and no producer its connection: real consumer daemons
/// give up for good when they are answered an error.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FullDiskTest {
    private static final int DISK_BYTES = 256 * 1024;
    private static final int PACKET_BYTES = 4096;

    @TempDir private Path disk;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        boolean isMounted =
                run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "none", disk.toString());
        if (!isMounted) {
            System.out.println("SKIPPED: needs root, who can mount a small disk");
        }
        assumeTrue(isMounted);
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        run("umount", disk.toString());
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void dropsWholePacketsAndGoesOn() throws IOException {
        Path output = disk.resolve("output");
        Path ballast = disk.resolve("ballast");
        try (RelayDaemon relay = Relays.open(output);
                var producer = ProducerClient.connect(relay, 13)) {
            producer.open(ProducerClient.session("s", 0));
            producer.chunk(0);
            long data = producer.stream("ust", "c");
            long metadata = producer.stream("ust", "metadata");
            for (int i = 0; i < 10; i++) {
                producer.whole(data, i, PACKET_BYTES);
            }
            producer.await(data, 9);
            fill(ballast);
            producer.metadata(metadata, "all of the metadata");
            for (int i = 10; i < 100; i++) {
                producer.packet(data, i, PACKET_BYTES, 0);
                assertThat(producer.result(ProducerClient.index(data, i, PACKET_BYTES)))
                        .isEqualTo(ResultCode.OK);
            }
            producer.await(data, 99);
            Files.delete(ballast);
            for (int i = 100; i < 110; i++) {
                producer.whole(data, i, PACKET_BYTES);
            }
            producer.await(data, 109);
            producer.result(new RelayRequest.CloseStream(metadata, RelayRequest.NONE));

            byte[] stored = Files.readAllBytes(output.resolve("h/s/ust/c"));
            ByteBuffer index =
                    ByteBuffer.wrap(Files.readAllBytes(output.resolve("h/s/ust/index/c.idx")));
            int packets = (index.remaining() - 16) / 72;
            assertThat(packets).isBetween(20, 30);
            assertThat(stored).hasSize(packets * PACKET_BYTES);
            for (int i = 0; i < packets; i++) {
                long number = index.getLong(16 + i * 72 + 64);
                assertThat(index.getLong(16 + i * 72)).isEqualTo((long) i * PACKET_BYTES);
                assertThat(stored[i * PACKET_BYTES]).isEqualTo((byte) number);
                assertThat(stored[(i + 1) * PACKET_BYTES - 1]).isEqualTo((byte) number);
            }
            assertThat(index.getLong(16 + (packets - 1) * 72 + 64)).isEqualTo(109);
            assertThat(output.resolve("h/s/ust/metadata")).hasContent("all of the metadata");
        }
    }

    private static void fill(Path ballast) throws IOException {
        byte[] zeros = new byte[DISK_BYTES];
        try (var out = Files.newOutputStream(ballast)) {
            for (int bytes = zeros.length; bytes > 0; ) {
                try {
                    out.write(zeros, 0, bytes);
                } catch (IOException e) {
                    bytes /= 2;
                }
            }
        }
    }
}
