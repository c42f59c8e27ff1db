// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import static dev.contrail.cli.Dialogue.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `record` and `demo` say before they have run anything.
class OutputDirectoryTest {
    @TempDir Path directory;

    @Test
    void whereNoTraceCanBeWrittenNothingIsRun() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        Files.createDirectories(directory.resolve("full/below"));
        assertSaid(
                User.at(directory),
                """
                $ contrail record -o DIR/file -- touch DIR/ran
                2 Error: DIR/file is no directory
                = 1
                $ contrail record -o DIR/file/below -- touch DIR/ran
                2 Error: DIR/file/below: Not a directory: DIR/file is a file
                = 1
                $ contrail record -o DIR/full -- touch DIR/ran
                2 Error: DIR/full is not empty: name a new directory
                = 1
                $ contrail record -o '' -- touch DIR/ran
                2 Error: --output names no directory: is a variable that it is made of empty?
                = 1
                $ contrail record -o DIR/new -U net://127.0.0.1 -- touch DIR/ran
                2 Error: Only one of --output and --set-url.
                = 1
                $ contrail record -o net://127.0.0.1 -- touch DIR/ran
                2 Error: --output is a directory, and a relay is: -U net://127.0.0.1
                = 1
                $ contrail record -U file://DIR/full -- touch DIR/ran
                2 Error: DIR/full is not empty: name a new directory
                = 1
                $ contrail record -U relay1 -- touch DIR/ran
                2 Error: Unable to parse the URL relay1: want net://HOST, file:///DIR or an absolute path
                = 1
                $ contrail demo -o DIR/file
                2 Error: DIR/file is no directory
                = 1
                $ contrail demo -o /proc/nosuch/x
                2 Error: /proc/nosuch: No such file or directory
                = 1
                """);
        assertThat(directory.resolve("ran")).doesNotExist();
    }
}
