// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/// What `bench/fuzz.sh` found worth keeping, at least one input for each branch that it reached.
class FoundInputsTest {
    private interface Target {
        void take(byte[] untrusted) throws IOException;
    }

    private final FormatFuzzTest targets = new FormatFuzzTest();

    @Test
    void tsdl() throws IOException {
        assertThat(replay("tsdl", targets::tsdl)).isGreaterThan(900);
    }

    @Test
    void ctf2() throws IOException {
        assertThat(replay("ctf2", targets::ctf2)).isGreaterThan(400);
    }

    @Test
    void packets() throws IOException {
        assertThat(replay("packets", targets::packets)).isGreaterThan(600);
    }

    @Test
    void index() throws IOException {
        assertThat(replay("index", targets::index)).isGreaterThan(10);
    }

    private static int replay(String name, Target target) throws IOException {
        int count = 0;
        try (InputStream packed =
                        Objects.requireNonNull(
                                FoundInputsTest.class.getResourceAsStream(
                                        "FoundInputs/" + name + ".zip.gz"));
                var inputs = new ZipInputStream(new GZIPInputStream(packed))) {
            for (ZipEntry input = inputs.getNextEntry();
                    input != null;
                    input = inputs.getNextEntry()) {
                if (!input.isDirectory()) {
                    target.take(inputs.readAllBytes());
                    count++;
                }
            }
        }
        return count;
    }
}
