// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/// What `bench/fuzz.sh` found worth keeping, at least one input for each branch that it reached.
class FoundMessagesTest {
    private final MessageFuzzTest targets = new MessageFuzzTest();

    @Test
    void relayServer() throws IOException {
        assertThat(replay("relayServer", targets::relayServer)).isGreaterThan(50);
    }

    @Test
    void relayClient() throws IOException {
        assertThat(replay("relayClient", targets::relayClient)).isGreaterThan(30);
    }

    @Test
    void liveServer() throws IOException {
        assertThat(replay("liveServer", targets::liveServer)).isGreaterThan(10);
    }

    @Test
    void liveClient() throws IOException {
        assertThat(replay("liveClient", targets::liveClient)).isGreaterThan(30);
    }

    private static int replay(String name, Consumer<byte[]> target) throws IOException {
        int count = 0;
        try (InputStream packed =
                        Objects.requireNonNull(
                                FoundMessagesTest.class.getResourceAsStream(
                                        "FoundInputs/" + name + ".zip.gz"));
                var inputs = new ZipInputStream(new GZIPInputStream(packed))) {
            for (ZipEntry input = inputs.getNextEntry();
                    input != null;
                    input = inputs.getNextEntry()) {
                if (!input.isDirectory()) {
                    target.accept(inputs.readAllBytes());
                    count++;
                }
            }
        }
        return count;
    }
}
