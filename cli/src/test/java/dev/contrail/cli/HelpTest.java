// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;

class HelpTest {
    /// What lttng 2.13.9 lists, without what we do not have yet.
    private static final Map<String, String> LTTNG_OPTIONS =
            Map.of(
                    "create", "--help -h --output -o --list-options --no-output --snapshot",
                    "destroy", "--help -h --all -a --list-options --no-wait -n",
                    "stop", "--help -h --list-options --no-wait -n",
                    "start", "--help -h --list-options",
                    "status", "--help -h --list-options",
                    "set-session", "--help -h --list-options",
                    "disable-channel",
                            "--help -h --session -s --kernel -k --userspace -u --list-options",
                    "disable-event",
                            "--help -h --session -s --all-events -a --channel -c --jul -j --kernel"
                                    + " -k --userspace -u --syscall --tracepoint --all --list-options",
                    "enable-event",
                            "--help -h --session -s --all -a --channel -c --kernel -k --userspace"
                                    + " -u --jul -j --tracepoint --syscall --loglevel --loglevel-only"
                                    + " --list-options --exclude -x",
                    "list",
                            "--help -h --kernel -k --jul -j --userspace -u --channel -c --domain -d"
                                    + " --fields -f --syscall -S --list-options");

    static Stream<String> commands() {
        return Commands.names().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void listsEveryOptionOfTheCommand(String command) {
        CommandSpec spec = Commands.find(command).orElseThrow().spec();
        var names = spec.options().stream().flatMap(option -> Arrays.stream(option.names()));

        assertThat(lines(command, "--list-options"))
                .containsAll(names.toList())
                .contains("--help", "-h", "--list-options")
                .doesNotHaveDuplicates();
        if (LTTNG_OPTIONS.containsKey(command)) {
            assertThat(lines(command, "--list-options"))
                    .containsExactlyInAnyOrder(LTTNG_OPTIONS.get(command).split(" "));
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void explainsEveryOptionAndGivesAnExample(String command) {
        CommandSpec spec = Commands.find(command).orElseThrow().spec();
        List<String> help = lines("help", command);

        assertThat(help).isEqualTo(lines(command, "--help"));
        assertThat(help.getFirst()).startsWith("Usage: contrail " + command);
        assertThat(help).contains("Example:");
        assertThat(spec.options())
                .allSatisfy(option -> {
                    assertThat(option.description()).isNotEmpty();
                    assertThat(String.join("\n", help)).contains(option.longestName());
                });
    }

    @Test
    void listsTheCommands() {
        assertThat(lines("--list-commands")).isEqualTo(Commands.names());
        assertThat(lines("snapshot", "--list-commands"))
                .containsExactly("add-output", "del-output", "list-output", "record");
    }

    /// A command that has no word is forgotten.
    @Test
    void hasAWordForEveryCommand() throws IOException {
        Path sources = Path.of("src/main/java/dev/contrail/cli");
        String words = Files.readString(sources.resolve("Commands.java"));
        try (Stream<Path> files = Files.list(sources)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                if (name.endsWith("Command") && !name.equals("Command")) {
                    assertThat(words).as("%s in Commands", name).contains(name + "::new");
                }
            }
        }
    }

    /// What is there is no longer refused as something to come.
    @Test
    void foreseesNothingThatIsThere() {
        for (String command : Commands.names()) {
            assertThat(Commands.isForeseen(command)).as(command).isFalse();
            CommandSpec spec = Commands.find(command).orElseThrow().spec();
            assertThat(spec.options().stream().flatMap(each -> Arrays.stream(each.names())))
                    .as(command)
                    .noneMatch(option -> Foreseen.isOption(command, option));
        }
    }

    private static List<String> lines(String... words) {
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        int status = Main.run(words, Console.Entry.CONTRAIL, Map.of("HOME", "/"), stream, stream);
        assertThat(status).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
