// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small traces of our own making, each with what babeltrace2 printed for it (2.0.4 for CTF 1.8,
/// 2.2.0-rc1 for CTF 2): every checkout has them. [CorpusTest] reads many more.
class SmallCorpusTest {
    private static final int CASES = 80;

    @Test
    void printsWhatBabeltracePrinted(@TempDir Path folder) throws IOException {
        List<Path> cases = unpack(folder);
        assertThat(cases).hasSizeGreaterThanOrEqualTo(CASES);
        for (Path each : cases) {
            var out = new ByteArrayOutputStream();
            var err = new ByteArrayOutputStream();
            int status =
                    View.main(
                            new String[] {"--clock-gmt", each.resolve("trace").toString()},
                            out,
                            new PrintStream(err, true, StandardCharsets.UTF_8));
            String name = folder.relativize(each) + ": " + err.toString(StandardCharsets.UTF_8);
            assertThat(status).as(name).isZero();
            assertThat(out.toByteArray())
                    .as(name)
                    .isEqualTo(Files.readAllBytes(each.resolve("text")));
        }
    }

    /// @return the folder of each case
    private static List<Path> unpack(Path folder) throws IOException {
        var cases = new ArrayList<Path>();
        InputStream packed = SmallCorpusTest.class.getResourceAsStream("corpus.zip");
        try (var zip = new ZipInputStream(Objects.requireNonNull(packed))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                assertThat(file.startsWith(folder)).isTrue();
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
                if (file.endsWith("text")) {
                    cases.add(file.getParent());
                }
            }
        }
        return cases;
    }
}
