// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonSocketsTest {
    @TempDir Path directory;

    /// Nobody shall follow it.
    @AfterEach
    void deleteTheLink() throws IOException {
        Files.deleteIfExists(directory.resolve("proc/root"));
    }

    /// The directory of a process whose environment is this.
    private Path process(byte[] environment) throws IOException {
        Path process = Files.createDirectories(directory.resolve("proc"));
        Files.write(process.resolve("environ"), environment);
        Files.writeString(process.resolve("status"), "Uid:\t1000\t1000\t1000\t1000\n");
        Files.createSymbolicLink(process.resolve("root"), Path.of("/"));
        return process;
    }

    @Test
    void findsASocketWhoseNameIsNotEnglish() throws IOException {
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding"));
        String home = names.newEncoder().canEncode('\u00fc') ? "j\u00fcrgen" : "juergen";
        Path run = Files.createDirectory(directory.resolve(home));
        Files.createFile(run.resolve("apps.sock"));
        byte[] environment = ("A=b\0LTTNG_RUNDIR=" + run + "\0").getBytes(names);
        assertThat(DaemonSockets.obstacle(process(environment))).isEmpty();
    }

    @Test
    void saysNothingOfWhatIsNoNameHere() throws IOException {
        byte[] environment = {'H', 'O', 'M', 'E', '=', '/', (byte) 0xff, 0};
        DaemonSockets.obstacle(process(environment)); // whatever it says, it does not fail
    }
}
