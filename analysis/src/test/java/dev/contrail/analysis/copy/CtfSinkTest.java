// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.copy;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.analysis.Corpus;
import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.convert.View;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CtfSinkTest {
    /// Warnings name trace and stream, which have other paths in the copy.
    private static final Pattern WHERE = Pattern.compile(" in trace .*");

    private static final Path BABELTRACE = Path.of("/usr/bin/babeltrace2");

    @TempDir private Path temporary;
    private Path trace;
    private Path copy;

    @BeforeEach
    void writeTrace() throws IOException {
        trace = temporary.resolve("trace");
        copy = temporary.resolve("copy");
        new SmallTrace(trace)
                .file("c_0", packet(3, 0, 0, 10, 20), packet(3, 1, 5, 30), packet(3, 4, 5, 40));
    }

    private static String run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status = View.main(arguments, out, new PrintStream(err, true, StandardCharsets.UTF_8));
        String warnings = WHERE.matcher(err.toString(StandardCharsets.UTF_8)).replaceAll("");
        return "%s%s%d".formatted(out.toString(StandardCharsets.ISO_8859_1), warnings, status);
    }

    private static String view(Path folder) {
        return run("--clock-seconds", folder.toString());
    }

    private String convert(String... options) {
        var arguments = new ArrayList<>(List.of("-o", "ctf", "-w", copy.toString()));
        arguments.addAll(List.of(options));
        arguments.add(trace.toString());
        return run(arguments.toArray(String[]::new));
    }

    private Metadata metadata(Path folder) throws IOException, CtfException {
        return MetadataFile.read("metadata", folder.resolve("metadata"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8", "2"})
    void theCopyShowsTheSameEventsAndLosses(String version) throws IOException, CtfException {
        Path folder = copy.resolve("host1");
        assertThat(convert("-p", "ctf-version=\"" + version + "\""))
                .isEqualTo("Created CTF trace `" + folder + "`.\n0");
        assertThat(view(copy)).isEqualTo(view(trace)).contains("5 events").contains("2 packets");
        Metadata written = metadata(folder);
        assertThat(written.trace().version())
                .isEqualTo(version.equals("2") ? CtfVersion.CTF_2 : CtfVersion.CTF_1_8);
        assertThat(written.trace().uuid()).isNotEqualTo(SmallTrace.TRACE);
        assertThat(written.trace().environment()).containsEntry("vpid", 42L);
        assertThat(written.events().getFirst().logLevel()).isEqualTo(6);
        assertThat(folder.resolve("index/c_0.idx")).exists();
    }

    @Test
    void lossIsLeftOutOnRequest() {
        convert("-p", "ignore-discarded-events=yes,ignore-discarded-packets=yes,quiet=yes");
        assertThat(view(copy)).doesNotContain("WARNING").endsWith("}\n0");
    }

    @Test
    void aTraceWithoutStreamsGivesAnEmptyFolder() throws IOException {
        Files.delete(trace.resolve("c_0"));
        assertThat(convert()).isEqualTo("0");
        assertThat(copy).isEmptyDirectory();
    }

    @Test
    void attributesStayWhatTheyAreInCtf2() throws IOException, CtfException {
        String[] fragments = {
            "{\"type\":\"preamble\",\"version\":2}",
            "{\"type\":\"trace-class\",\"attributes\":{\"x\":{\"of\":\"trace\"}}}",
            "{\"type\":\"clock-class\",\"id\":\"c\",\"frequency\":1000000000,"
                    + "\"attributes\":{\"x\":{\"of\":\"clock\"}}}",
            "{\"type\":\"data-stream-class\",\"default-clock-class-id\":\"c\","
                    + "\"attributes\":{\"x\":{\"of\":\"stream\"}}}",
            "{\"type\":\"event-record-class\",\"name\":\"e\","
                    + "\"attributes\":{\"x\":{\"of\":\"event\"}},\"payload-field-class\":"
                    + "{\"type\":\"structure\",\"attributes\":{\"x\":{\"of\":\"payload\"}},"
                    + "\"member-classes\":[{\"name\":\"a\","
                    + "\"attributes\":{\"x\":{\"of\":\"member\"}},\"field-class\":"
                    + "{\"type\":\"fixed-length-unsigned-integer\",\"length\":8,"
                    + "\"byte-order\":\"little-endian\","
                    + "\"attributes\":{\"x\":{\"of\":\"field\"}}}}]}}"
        };
        Files.writeString(
                trace.resolve("metadata"), "\u001e" + String.join("\n\u001e", fragments) + "\n");
        Files.write(trace.resolve("c_0"), new byte[] {7});
        assertThat(convert("-p", "quiet=yes,ctf-version=\"2\"")).isEqualTo("0");
        String written =
                MetadataFile.text(
                        "metadata", Files.readAllBytes(copy.resolve("trace").resolve("metadata")));
        for (String each :
                List.of("trace", "clock", "stream", "event", "payload", "member", "field")) {
            assertThat(written)
                    .containsOnlyOnce("\"attributes\": {\"x\": {\"of\": \"" + each + "\"}}");
        }
        assertThat(view(copy)).isEqualTo(view(trace)).contains("{ a = 7 }");
    }

    @Test
    void eventsThatTheFilterKeepsOutAreNotInTheCopy() {
        convert("--filter", "n == -30");
        assertThat(view(copy).lines().filter(line -> line.contains("tick"))).hasSize(1);
    }

    @Test
    void aSecondCopyGetsANumber() {
        assertThat(convert()).contains("host1`");
        assertThat(convert()).contains("host1-0`");
        assertThat(convert("-p", "assume-single-trace=yes,path=\"" + copy + "/x\""))
                .isEqualTo("Created CTF trace `" + copy + "/x`.\n0");
        assertThat(view(copy.resolve("x"))).isEqualTo(view(trace));
    }

    @Test
    void theClocksOffsetIsWritten() {
        convert("--clock-offset", "-2", "--clock-offset-ns", "7");
        assertThat(view(copy))
                .isEqualTo(
                        run(
                                "--clock-seconds",
                                "--clock-offset=-2",
                                "--clock-offset-ns=7",
                                trace.toString()));
    }

    @Test
    void aClockThatIsMovedBackIsWrittenWithoutNegativeCycles() {
        convert("-p", "ctf-version=\"2\"");
        trace = copy;
        copy = temporary.resolve("moved");
        String[] options = {"--clock-offset=-2", "--clock-offset-ns=-999999999"};
        convert("-p", "ctf-version=\"2\"", options[0], options[1]);
        assertThat(view(copy))
                .isEqualTo(run("--clock-seconds", options[0], options[1], trace.toString()))
                .contains("5 events");
    }

    @Test
    void saysWhatItNeeds() {
        assertThat(run("-c", "sink.ctf.fs", trace.toString())).contains("needs a folder");
        assertThat(convert("-p", "ctf-version=\"3\"")).contains("want \"1.8\" or \"2\"");
        assertThat(convert("-p", "no=1")).contains("Unknown parameter `no`");
        assertThat(copy).doesNotExist();
    }

    @Test
    void pathsAreThoseOfLttngAndNeverLeaveTheFolder() throws IOException, CtfException {
        var environment = new LinkedHashMap<String, Object>();
        environment.put("hostname", "..");
        environment.put("tracer_name", "lttng-ust");
        environment.put("tracer_major", 2L);
        environment.put("tracer_minor", 13L);
        environment.put("trace_name", "my/s");
        environment.put("trace_creation_datetime", "20260101T000000+0000");
        environment.put("tracer_buffering_scheme", "uid");
        environment.put("tracer_buffering_id", 0L);
        environment.put("architecture_bit_width", 64L);
        assertThat(path(environment, "n"))
                .isEqualTo("__/my_s-20260101T000000+0000/ust/uid/0/64-bit");
        environment.remove("architecture_bit_width");
        assertThat(path(environment, "../a//.")).isEqualTo("__/a/_");
        assertThat(path(environment, "")).isEqualTo("trace");
    }

    private String path(Map<String, Object> environment, String name)
            throws IOException, CtfException {
        Metadata read = metadata(trace);
        var told =
                new TraceClass(
                        read.trace().uuid(),
                        read.trace().byteOrder(),
                        read.trace().packetHeader(),
                        new LinkedHashMap<>(environment),
                        read.trace().clocks());
        var changed = new Metadata(told, read.streams(), read.events(), List.of(), List.of());
        return copy.relativize(CtfPath.of(copy, new Trace(name, changed))).toString();
    }

    /// We print the same of the trace and of its copies, and babeltrace2 of the one in CTF 1.8.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ctf1/2packets",
                "ctf1/2-lost-before-last",
                "ctf1/own-compact-header",
                "ctf1/own-clock-in-payload",
                "ctf1/own-partial-carry",
                "ctf1/own-clock-none",
                "ctf1/own-bare",
                "ctf1/own-references",
                "ctf1/own-user-header-fields",
                "ctf1/own-bits-le",
                "ctf1/barectf-extra-pc-ft-members",
                "ctf1/lttng-crash",
                "ctf2/conv-own-text",
                "ctf2/own-compact-header",
                "lttng/ust-discard",
                "lttng/ust-overwrite"
            })
    void theCopyOfATraceOfTheCorpusShowsTheSame(String name)
            throws IOException, InterruptedException {
        Optional<Path> corpus = Corpus.folder();
        assumeTrue(corpus.isPresent(), "no corpus beside the checkout: shared/traces is absent");
        trace = corpus.get().resolve(name).resolve("trace");
        assumeTrue(Files.isDirectory(trace), "the corpus has no " + name);
        for (String version : List.of("1.8", "2")) {
            copy = temporary.resolve("copy_" + version);
            assertThat(convert("-p", "quiet=yes,ctf-version=\"" + version + "\"")).endsWith("0");
            assertThat(view(copy)).isEqualTo(view(trace));
        }
        if (Files.isExecutable(BABELTRACE)) {
            Path text = temporary.resolve("text");
            Process process =
                    new ProcessBuilder(
                                    BABELTRACE.toString(),
                                    "--clock-seconds",
                                    temporary.resolve("copy_1.8").toString())
                            .redirectOutput(text.toFile())
                            .redirectError(temporary.resolve("warnings").toFile())
                            .start();
            assertThat(process.waitFor()).isZero();
            assertThat(Files.readString(text, StandardCharsets.ISO_8859_1))
                    .isEqualTo(events(trace));
        }
    }

    /// Where names are not C identifiers, CTF 1.8 cannot have them: the traces are CTF 2.
    private static final String OTHER_NAMES = "ctf1/clock-offset-goes-back-in-time";

    @ParameterizedTest
    @CsvSource({"1.8, 'ctf1,lttng', 300", "2, ctf2, 320"})
    void copiesOfAllTracesOfTheCorpusShowTheSameEvents(String version, String groups, int atLeast)
            throws IOException {
        Optional<Path> corpus = Corpus.folder();
        assumeTrue(corpus.isPresent(), "no corpus beside the checkout: shared/traces is absent");
        int count = 0;
        for (Path each : Corpus.traces(corpus.get(), groups.split(","))) {
            if (!each.startsWith(corpus.get().resolve(OTHER_NAMES))) {
                trace = each;
                copy = temporary.resolve("copy" + count++);
                convert("-p", "quiet=yes,ctf-version=\"" + version + "\"");
                assertThat(shown(copy)).as(each.toString()).isEqualTo(shown(each));
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(atLeast);
    }

    private static String events(Path folder) {
        var out = new ByteArrayOutputStream();
        var nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        String[] arguments = {"--clock-seconds", folder.toString()};
        assertThat(View.main(arguments, out, nowhere)).isZero();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /// The events with all their fields, whether or not everything can be read.
    private static String shown(Path folder) {
        var out = new ByteArrayOutputStream();
        var nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        String[] arguments = {
            "--clock-seconds",
            "--names=all",
            "--fields=trace:hostname,trace:procname,trace:vpid,loglevel,emf",
            folder.toString()
        };
        View.main(arguments, out, nowhere);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
