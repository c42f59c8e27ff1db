// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Keeps `docs/man` true. After a change of a command, run it once with `CONTRAIL_WRITE_MAN=1`.
class ManPagesTest {
    private static final Path DIRECTORY = Path.of("..", "docs", "man");

    @Test
    void areWhatTheCommandsSay() throws IOException {
        Map<String, String> pages = ManPages.all();
        if (System.getenv("CONTRAIL_WRITE_MAN") != null) {
            Files.createDirectories(DIRECTORY);
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(DIRECTORY.resolve(page.getKey()), page.getValue());
            }
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            assertThat(DIRECTORY.resolve(page.getKey())).hasContent(page.getValue());
        }
        try (var files = Files.list(DIRECTORY)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(pages.keySet());
        }
    }
}
