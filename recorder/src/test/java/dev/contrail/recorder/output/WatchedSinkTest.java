// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchedSinkTest {
    private static final StreamKey KEY = Packets.key(0, 0);
    private static final IndexEntry ENTRY = Packets.entry(0, 4096, 10, 0);

    private final CountDownLatch disk = new CountDownLatch(1);

    private final PacketSink silent =
            new PacketSink() {
                @Override
                public UUID traceUuid(String traceDirectory) {
                    return new UUID(0, 0);
                }

                @Override
                public Optional<IndexEntry> last(StreamKey stream) {
                    return Optional.empty();
                }

                @Override
                public void metadata(String traceDirectory, String text) {}

                @Override
                public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) {
                    try {
                        disk.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void close() {}
            };

    private final WatchedSink watched = new WatchedSink(silent);

    @Test
    void whoUsesItIsThrownOutOfTheCallThatNobodyWaitsForAnyMore() throws Exception {
        var thrown = new CompletableFuture<Void>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        watched.packet(KEY, ENTRY, Packets.packet(new UUID(0, 0), ENTRY));
                        thrown.complete(null);
                    } catch (IOException e) {
                        thrown.completeExceptionally(e);
                    }
                });
        while (watched.busyNanos() == 0) {
            Thread.onSpinWait();
        }
        watched.giveUp();
        assertThat(thrown).isNotDone();
        disk.countDown();

        assertThatThrownBy(() -> thrown.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("given up");
        assertThat(watched.busyNanos()).isZero();
        assertThatThrownBy(() -> watched.last(KEY)).hasMessageContaining("given up");
    }

    @Test
    void isAtNothingBetweenTheCalls() throws IOException {
        disk.countDown();
        watched.packet(KEY, ENTRY, Packets.packet(new UUID(0, 0), ENTRY));

        assertThat(watched.busyNanos()).isZero();
    }
}
