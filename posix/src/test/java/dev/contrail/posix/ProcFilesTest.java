// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcFilesTest {
    private static final String SELF = "/proc/" + ProcessHandle.current().pid();

    @Test
    void readsFilesAndLinksOfTheDirectoryThatWasEntered() throws Exception {
        try (var files = new ProcFiles()) {
            files.enter(SELF);
            assertThat(files.text("comm")).isEqualTo(Files.readString(Path.of(SELF, "comm")));
            assertThat(files.link("ns/pid"))
                    .isEqualTo(Files.readSymbolicLink(Path.of(SELF, "ns/pid")).toString());
        }
    }

    @Test
    void findsNothingWhereNothingIs() {
        try (var files = new ProcFiles()) {
            files.enter(SELF);
            assertThat(files.text("none")).isEmpty();
            assertThat(files.link("none")).isEmpty();
            assertThat(files.text("task")).as("a directory").isEmpty();
            files.enter("/proc/none");
            assertThat(files.text("comm")).isEmpty();
            assertThat(ProcFiles.numbers("/proc/none")).isEmpty();
        }
    }

    @Test
    void listsNumbersInOrder() {
        assertThat(ProcFiles.numbers(SELF + "/fd")).contains(0, 1, 2).isSorted();
        assertThat(ProcFiles.numbers("/proc")).contains((int) ProcessHandle.current().pid());
    }
}
