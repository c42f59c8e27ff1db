// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.BuiltInSink.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What holds of every sink that is built in, also of the next one.
class BuiltInSinkTest {
    private static final List<BuiltInSink> SINKS = Sinks.BUILT_IN;

    @TempDir private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void writeTrace() throws IOException {
        new SmallTrace(folder.resolve("trace"))
                .file("c_0", packet(3, 0, 0, 10, 20), packet(3, 1, 5, 30));
    }

    private int view(BuiltInSink sink, String... arguments) {
        var all = new ArrayList<>(List.of("-c", sink.className()));
        all.addAll(List.of(arguments));
        all.add(folder.resolve("trace").toString());
        var lines = new PrintStream(err, true, StandardCharsets.UTF_8);
        return View.main(all.toArray(String[]::new), out, lines);
    }

    @ParameterizedTest
    @FieldSource("SINKS")
    void writesWhatItIsSaidToWrite(BuiltInSink sink) throws IOException {
        Path copy = folder.resolve("copy");
        String[] output = {"-w", copy.toString()};
        int status = view(sink, sink.output() == Output.FOLDER ? output : new String[0]);
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.size() == 0).isEqualTo(sink.output() == Output.NOTHING);
        assertThat(Files.isDirectory(copy)).isEqualTo(sink.output() == Output.FOLDER);
    }

    @ParameterizedTest
    @FieldSource("SINKS")
    void refusesAParameterThatItDoesNotTake(BuiltInSink sink) {
        assertThat(view(sink, "-p", "nonsense=1", "-w", folder.resolve("copy").toString()))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Unknown parameter `nonsense` of " + sink.className());
    }

    @ParameterizedTest
    @FieldSource("SINKS")
    void isListedAndDescribedAsAPartOfAPlugin(BuiltInSink sink) throws UsageException {
        var classes = new ComponentClasses(List.of());
        String described = classes.describe(sink.className());
        assertThat(classes.list())
                .contains("'%s': %s\n".formatted(sink.className(), sink.description()));
        assertThat(described).contains("  Built-in\n").contains(sink.description());
        assertThat(sink.parameters()).allSatisfy(each -> assertThat(described).contains(each));
    }

    @ParameterizedTest
    @FieldSource("SINKS")
    void isFoundByItsFormat(BuiltInSink sink) throws UsageException {
        if (!sink.format().isEmpty()) {
            assertThat(Sinks.ofFormat(sink.format())).isSameAs(sink);
            assertThat(Sinks.formats()).contains(sink.format());
        }
        assertThat(Sinks.classNames().stream().filter(sink.className()::equals)).hasSize(1);
    }

    @Test
    void saysWhichFormatsThereAre() {
        assertThatThrownBy(() -> Sinks.ofFormat("nonsense"))
                .hasMessageContaining("nonsense")
                .hasMessageContaining("ctf-metadata");
        assertThatThrownBy(() -> Sinks.ofFormat("")).isInstanceOf(UsageException.class);
    }

    /// A sink that nobody can name is forgotten; one around another needs no name.
    @Test
    void allOfThemAreInTheList() throws IOException {
        Path sources = Path.of("src/main/java/dev/contrail/analysis");
        var texts = new HashMap<String, String>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                texts.put(name, Files.readString(file));
            }
        }
        List<String> sinks =
                texts.keySet().stream()
                        .filter(name ->
                                texts.get(name).contains("class " + name + " implements Sink "))
                        .filter(name -> !texts.get(name).contains("private final Sink "))
                        .toList();
        assertThat(sinks).hasSizeGreaterThan(5).allMatch(texts.get("Sinks")::contains);
    }
}
