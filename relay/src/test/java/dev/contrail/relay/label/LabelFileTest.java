// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.relay.label.SessionLabel.Chunk;
import dev.contrail.relay.label.SessionLabel.Metadata;
import dev.contrail.relay.label.SessionLabel.Part;
import dev.contrail.relay.label.SessionLabel.Run;
import dev.contrail.relay.label.SessionLabel.Stream;
import dev.contrail.relay.label.SessionLabel.Trace;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelFileTest {
    private static final int HEAD_BYTES = 12;

    @TempDir private Path directory;

    private static SessionLabel label(String place, String file, List<Run> runs) {
        var request =
                new CreateSession(
                        CString.of("näme"),
                        CString.of("host"),
                        CString.EMPTY,
                        0xFFFF_FFFFL,
                        false,
                        false,
                        new UUID(1, 2),
                        -3,
                        4,
                        false,
                        0,
                        CreateSession.CTF_2);
        return new SessionLabel(
                request,
                List.of(new Chunk("", "archives/1"), new Chunk(place, place)),
                List.of(
                        new Trace(
                                CString.of("ust"),
                                2,
                                new Metadata(1, Path.of("ust", "metadata"), 99))),
                List.of(
                        new Stream(
                                0,
                                CString.of("c_0"),
                                7,
                                1,
                                List.of(new Part(1, Path.of(file), 1 << 20, 8, runs)))));
    }

    private static SessionLabel usual() {
        return label("a/b", "ust/c_0", List.of(new Run(0, 0), new Run(5, 9)));
    }

    @Test
    void saysWhatWasWritten() throws IOException {
        for (boolean isSynced : new boolean[] {false, true}) {
            LabelFile.write(directory, usual(), isSynced);
            assertThat(LabelFile.read(directory.resolve(LabelFile.NAME))).isEqualTo(usual());
        }
        LabelFile.writeBeside(directory, usual());
        LabelFile.writeBeside(directory, usual());
        try (var files = Files.list(directory)) {
            assertThat(files)
                    .allMatch(LabelFile::isOne)
                    .hasSize(3)
                    .allSatisfy(each -> assertThat(LabelFile.read(each)).isEqualTo(usual()));
        }
        LabelFile.remove(directory);
        LabelFile.remove(directory);
        assertThat(directory.resolve(LabelFile.NAME)).doesNotExist();
    }

    private byte[] written(SessionLabel label) throws IOException {
        LabelFile.write(directory, label, false);
        return Files.readAllBytes(directory.resolve(LabelFile.NAME));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("tried"), bytes);
    }

    /// Also where its checksum is that of what it says.
    @Test
    void nothingWrongIsBelieved() throws IOException {
        byte[] good = written(usual());
        for (int at = 0; at < good.length; at++) {
            byte[] damaged = good.clone();
            damaged[at]++;
            Path file = file(damaged);
            assertThatThrownBy(() -> LabelFile.read(file)).isInstanceOf(IOException.class);
        }
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = HEAD_BYTES + random.nextInt(good.length - HEAD_BYTES);
                damaged[at] = (byte) (random.nextBoolean() ? random.nextInt() : -1);
            }
            sign(damaged);
            try {
                assertSane(LabelFile.read(file(damaged)));
            } catch (IOException e) {
                assertThat(e).as("seed %d", seed).hasMessageContaining("is damaged");
            }
        }
    }

    private static void sign(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES);
        ByteBuffer.wrap(bytes).putInt(Long.BYTES, (int) sum.getValue());
    }

    private static void assertSane(SessionLabel label) {
        for (Chunk each : label.chunks()) {
            assertBelow(Path.of(each.place()));
            assertBelow(Path.of(each.later()));
        }
        label.traces().forEach(each -> assertBelow(each.metadata().file()));
        label.streams().forEach(each -> each.parts().forEach(part -> assertBelow(part.file())));
    }

    private static void assertBelow(Path path) {
        assertThat(path.isAbsolute()).isFalse();
        assertThat(path.normalize()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/../..", "a/../../b", ".contrail-viewers/bob"})
    void noPathLeadsElsewhere(String path) throws IOException {
        var runs = List.of(new Run(0, 0));
        for (SessionLabel each : List.of(label(path, "ust/c_0", runs), label("", path, runs))) {
            Path file = file(written(each));
            assertThatThrownBy(() -> LabelFile.read(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("says what cannot be");
        }
    }

    @Test
    void runsAreInOrder() {
        for (List<Run> each :
                List.of(
                        List.<Run>of(),
                        List.of(new Run(1, 0)),
                        List.of(new Run(0, 0), new Run(0, 3)),
                        List.of(new Run(0, 0), new Run(4, 9), new Run(3, 20)),
                        List.of(new Run(0, 0), new Run(8, 9)))) {
            assertThatThrownBy(() -> label("", "c", each))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tooMuchIsNotRemembered() throws IOException {
        var parts = new ArrayList<Part>();
        for (int i = 0; i < 100_000; i++) {
            parts.add(new Part(0, Path.of("ust", "c_0_" + i), 1, 1, List.of(new Run(0, i))));
        }
        SessionLabel one = usual();
        var label =
                new SessionLabel(
                        one.request(),
                        one.chunks(),
                        one.traces(),
                        List.of(new Stream(0, CString.of("c_0"), 7, 1, parts)));
        assertThatThrownBy(() -> LabelFile.write(directory, label, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more to say");
        Path long_ = file(new byte[LabelFile.MAX_BYTES + 1]);
        assertThatThrownBy(() -> LabelFile.read(long_)).isInstanceOf(IOException.class);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(long_);
        }
        for (int i = 0; i < LabelFile.MAX_OF_ONE_DIRECTORY; i++) {
            LabelFile.writeBeside(directory, usual());
        }
        assertThatThrownBy(() -> LabelFile.writeBeside(directory, usual()))
                .hasMessageContaining("too many");
    }

    /// The oldest are not read, and what is damaged keeps nobody from the rest.
    @Test
    void theNewestAreRead() throws IOException {
        var files = new ArrayList<Path>();
        for (int i = 0; i < 5; i++) {
            Path session = Files.createDirectory(directory.resolve("s" + i));
            LabelFile.write(session, usual(), false);
            files.add(session.resolve(LabelFile.NAME));
        }
        files.add(2, file(new byte[99]));
        files.add(directory.resolve("none"));
        assertThat(LeftLabels.read(files, 3).stream().map(LeftLabels.Left::file))
                .containsExactly(files.get(3), files.get(4), files.get(5));
    }
}
