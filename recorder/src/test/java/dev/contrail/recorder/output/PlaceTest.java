// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceTest {
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void createFile() throws IOException {
        file = Files.writeString(folder.resolve("f"), "x");
    }

    @Test
    void isKeptWhileTheSameFileLiesThere() throws IOException {
        Place place = Place.of(file);
        Files.writeString(file, "longer");

        assertThat(place.isKept(Place.ALWAYS)).isTrue();
    }

    @Test
    void isNotKeptOnceTheFileIsGone() throws IOException {
        Place place = Place.of(file);
        Files.delete(file);

        assertThat(place.isKept(Place.ALWAYS)).isFalse();
    }

    @Test
    void isNotKeptWhereSomebodyPutsAnotherFile() throws IOException {
        Place place = Place.of(file);
        Path other = Files.writeString(folder.resolve("other"), "x");
        Files.delete(file);
        Files.move(other, file);

        assertThat(place.isKept(Place.ALWAYS)).isFalse();
    }

    @Test
    void isKeptAgainWhenTheFileComesBack() throws IOException {
        Place place = Place.of(file);
        Path away = folder.resolve("away");
        Files.move(file, away);
        assertThat(place.isKept(Place.ALWAYS)).isFalse();
        Files.move(away, file);

        assertThat(place.isKept(Place.ALWAYS)).isTrue();
    }

    /// Looking costs a system call a file: a round looks once.
    @Test
    void looksOnceARound() throws IOException {
        Place place = Place.of(file);
        assertThat(place.isSeen(1)).isFalse();
        assertThat(place.isKept(1)).isTrue();
        Files.delete(file);

        assertThat(place.isSeen(1)).isTrue();
        assertThat(place.isKept(1)).as("seen in this round").isTrue();
        assertThat(place.isKept(2)).isFalse();
        assertThat(place.isSeen(2)).isFalse();
        assertThat(place.isKept(Place.ALWAYS)).isFalse();
    }

    @Test
    void needsSomethingToLookAt() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Place.of(folder.resolve("missing")));
    }
}
