// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunningDaemonTest {
    @TempDir Path directory;
    private Places places;

    @BeforeEach
    void makeRunDirectory() throws IOException {
        User user = User.at(directory);
        Files.createDirectories(user.runDirectory());
        places = user.places();
    }

    @Test
    void noneIsThereBeforeTheFirst() throws IOException {
        assertThat(RunningDaemon.find(places)).isEmpty();
        assertThat(RunningDaemon.isLocked(places)).isFalse();
    }

    /// Its number may be another program's by now.
    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "-1", "99999999999", "many", "", "4294967295"})
    void whoDoesNotHaveTheLockOpenIsNone(String pid) throws IOException {
        Files.writeString(places.pidFile(), pid + "\n");
        Files.writeString(places.lockFile(), "");

        assertThat(RunningDaemon.find(places)).isEmpty();
    }

    @Test
    void whoHasTheLockOpenIsTheDaemon() throws IOException {
        try (FileChannel lock = lockFile()) {
            assertThat(lock.isOpen()).isTrue();
            Files.writeString(places.pidFile(), ProcessHandle.current().pid() + "\n");
            assertThat(RunningDaemon.find(places)).contains(ProcessHandle.current());
        }
        assertThat(RunningDaemon.find(places)).isEmpty();
    }

    /// One that starts has the lock before it has written its number.
    @Test
    void aLockIsSeenWhoeverHoldsIt() throws IOException {
        try (FileChannel channel = lockFile()) {
            assertThat(RunningDaemon.isLocked(places)).isFalse();
            try (var lock = channel.lock()) {
                assertThat(lock.isValid()).isTrue();
                assertThat(RunningDaemon.isLocked(places)).isTrue();
            }
            assertThat(RunningDaemon.isLocked(places)).isFalse();
        }
    }

    private FileChannel lockFile() throws IOException {
        return FileChannel.open(
                places.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
