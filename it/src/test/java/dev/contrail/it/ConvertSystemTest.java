// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `convert`, `summary` and the entry point `babeltrace2`, over a trace of our own.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ConvertSystemTest {
    private static final long EVENTS = 50;

    /// What is written goes to a pipe that is read late: the work waits in the middle.
    @Test
    void showsOnATerminalHowFarItIs() throws IOException, InterruptedException {
        Needs.tool("script");
        try (Machine machine = Machine.open()) {
            Path trace = record(machine, 5_000);
            Path dumb = convertIntoPipe(machine, trace, "dumb");
            try (InputStream waiting = Files.newInputStream(machine.root().resolve("dumb.pipe"))) {
                Path seen = convertIntoPipe(machine, trace, "xterm");
                try (InputStream out = Files.newInputStream(machine.root().resolve("xterm.pipe"))) {
                    Machine.await(
                            "a line",
                            () -> Files.exists(seen) && Files.readString(seen).contains(" KiB, "));
                    assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8).lines())
                            .hasSize(5_000);
                }
                Machine.await(
                        "its end", () -> Files.readString(seen).contains("COMMAND_EXIT_CODE"));
                assertThat(Files.readString(seen))
                        .containsPattern(" events\r\033\\[K\\s*Script done");
                assertThat(waiting.readAllBytes()).isNotEmpty();
                Machine.await(
                        "its end", () -> Files.readString(dumb).contains("COMMAND_EXIT_CODE"));
                assertThat(Files.readString(dumb)).doesNotContain("\033");
            }
        }
    }

    /// @return what a terminal of that kind was sent
    private static Path convertIntoPipe(Machine machine, Path trace, String kind)
            throws IOException, InterruptedException {
        Path pipe = machine.root().resolve(kind + ".pipe");
        Path seen = machine.root().resolve(kind + ".seen");
        assertThat(machine.run(List.of("mkfifo", pipe.toString())).status()).isZero();
        String line =
                "TERM=%s %s convert -o json -w %s %s"
                        .formatted(kind, Machine.checkout().resolve("contrail"), pipe, trace);
        machine.start(List.of("script", "-qefc", line, seen.toString()));
        return seen;
    }

    /// The virtual machine answers SIGQUIT, and may do so at any time; not among the events.
    @Test
    void itsThreadDumpIsNoOutput() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = record(machine, 5_000);
            Path pipe = machine.root().resolve("pipe");
            Path err = machine.root().resolve("dumped");
            assertThat(machine.run(List.of("mkfifo", pipe.toString())).status()).isZero();
            String script =
                    "exec %s view %s >%s 2>%s"
                            .formatted(Machine.checkout().resolve("contrail"), trace, pipe, err);
            Process view = machine.start(List.of("sh", "-c", script));
            try (InputStream out = Files.newInputStream(pipe)) {
                byte[] first = out.readNBytes(10); // it works, and waits for us soon
                machine.run(List.of("kill", "-QUIT", Long.toString(view.pid())));
                Machine.await("the dump", () -> Files.readString(err).contains("thread dump"));
                assertThat(first).asString().startsWith("[");
                assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8).lines())
                        .hasSize(5_000);
            }
            assertThat(view.waitFor()).isZero();
        }
    }

    @Test
    void runsASinkOfSomebodyElse() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String trace = record(machine).toString();
            Path plugins = plugin(machine, "Sink", "names");
            Machine.Result shown =
                    machine.run(
                            List.of(
                                    babeltrace2(),
                                    "--plugin-path=" + plugins,
                                    trace,
                                    "-c",
                                    "sink.example.names"));

            assertThat(shown.status()).as(shown.err()).isZero();
            assertThat(shown.lines()).hasSize((int) EVENTS).containsOnly("count:tick");
            Machine.Result without = machine.contrail("convert", trace, "-c", "sink.example.names");
            assertThat(without.status()).isEqualTo(1);
            assertThat(without.err())
                    .contains("Cannot find component class: plugin-name=\"example\"");
        }
    }

    @Test
    void readsASourceOfSomebodyElse() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path plugins = plugin(machine, "Source", "lines");
            Path input = machine.root().resolve("some.lines");
            Files.writeString(input, "1600000000000000001 first\n1600000000000000002 second\n");
            String path = "--plugin-path=" + plugins;
            List<String> shown =
                    List.of(
                            "[1600000000.000000001] line: { text = \"first\" }",
                            "[1600000000.000000002] line: { text = \"second\" }");
            for (List<String> source :
                    List.of(
                            List.of(input.toString()),
                            List.of(
                                    "-c",
                                    "source.example.lines",
                                    "-p",
                                    "inputs=[\"" + input + "\"]"))) {
                var command = new ArrayList<>(List.of(babeltrace2(), path, "--clock-seconds"));
                command.add("--no-delta");
                command.addAll(source);
                Machine.Result result = machine.run(command);
                assertThat(result.status()).as(result.err()).isZero();
                assertThat(result.lines()).isEqualTo(shown);
            }
            Machine.Result declared =
                    machine.contrail("convert", path, input.toString(), "-o", "ctf-metadata");
            assertThat(declared.out()).startsWith("/* CTF 1.8 */").contains("\"line\"");
            Machine.Result head = // the source need not end
                    machine.run(
                            List.of(
                                    "sh",
                                    "-c",
                                    "yes '1600000000000000001 same' | %s %s -c source.example.lines -p 'inputs=[\"/dev/stdin\"]' | head -n 2"
                                            .formatted(babeltrace2(), path)));
            assertThat(head.lines()).as(head.err()).hasSize(2);
            Machine.Result known = machine.run(List.of(babeltrace2(), path, "list-plugins"));
            assertThat(known.out())
                    .contains("  - " + plugins + "\n")
                    .contains("'source.example.lines': Read lines that begin with their time.");
            Files.writeString(input, "no time\n");
            Machine.Result wrong = machine.run(List.of(babeltrace2(), path, input.toString()));
            assertThat(wrong.status()).isEqualTo(1);
            assertThat(wrong.err())
                    .startsWith("ERROR: source.example.lines: java.lang.NumberFormatException");
            assertThat(wrong.err().lines()).hasSize(1);
        }
    }

    /// The example in the documentation of a `…Provider`, as a plain jar.
    private static Path plugin(Machine machine, String kind, String name)
            throws IOException, InterruptedException {
        String provider = kind + "Provider";
        String source =
                Files.readString(
                        Machine.checkout()
                                .resolve("analysis/src/main/java/dev/contrail/analysis")
                                .resolve(provider + ".java"));
        String example =
                source.substring(source.indexOf("```java\n") + 8, source.indexOf("/// ```\npublic"))
                        .replaceAll("(?m)^/// ?", "");
        String className = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Provider";
        Path file = machine.root().resolve("example").resolve(className + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "package example; import dev.contrail.analysis.*; import dev.contrail.ctf.*;"
                        + " import dev.contrail.ctf.write.*;"
                        + " import java.io.*; import java.nio.file.*; import java.util.*;\n"
                        + example);
        Path classes = machine.root().resolve("classes");
        String bin = System.getProperty("java.home") + "/bin/";
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("dev.contrail.analysis." + provider),
                "example." + className + "\n");
        Path plugins = Files.createDirectory(machine.root().resolve("plugins"));
        for (List<String> command :
                List.of(
                        List.of(
                                bin + "javac",
                                "-cp",
                                Machine.jar("analysis") + ":" + Machine.jar("ctf"),
                                "-d",
                                classes.toString(),
                                file.toString()),
                        List.of(
                                bin + "jar",
                                "--create",
                                "--file",
                                plugins.resolve(name + ".jar").toString(),
                                "-C",
                                classes.toString(),
                                "."))) {
            Machine.Result result = machine.run(command);
            assertThat(result.status()).as(result.out() + result.err()).isZero();
        }
        return plugins;
    }

    private static Path record(Machine machine) throws IOException, InterruptedException {
        return record(machine, EVENTS);
    }

    private static Path record(Machine machine, long events)
            throws IOException, InterruptedException {
        Path trace = machine.root().resolve("trace");
        var command =
                new ArrayList<>(List.of("record", "-u", "count:*", "-o", trace.toString(), "--"));
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of("-cp", Machine.jar("samples") + ":" + Machine.jar("tracer")));
        command.add("dev.contrail.samples.count.Counting");
        command.addAll(
                List.of(Counter.prepare(machine, 1).toString(), "1", Long.toString(events), "0"));
        machine.succeed(command.toArray(String[]::new));
        return trace;
    }

    private static String babeltrace2() {
        return Machine.checkout().resolve("babeltrace2").toString();
    }
}
