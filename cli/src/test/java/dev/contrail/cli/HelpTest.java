// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static dev.contrail.cli.Dialogue.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User.Said;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.traced.ShopTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;

class HelpTest {
    /// What lttng 2.13.9 lists, without what we do not have yet; `--ack` is ours, as are the
    /// options of JFR's events and of methods and the channels of log systems, `--log4j2` that of
    /// 2.14.
    private static final Map<String, String> LTTNG_OPTIONS =
            Map.of(
                    "create",
                    "--help -h --output -o --list-options --no-output --snapshot --set-url -U"
                            + " --ctrl-url -C --data-url -D --live --ack",
                    "destroy",
                    "--help -h --all -a --list-options --no-wait -n",
                    "stop",
                    "--help -h --list-options --no-wait -n",
                    "start",
                    "--help -h --list-options",
                    "status",
                    "--help -h --list-options",
                    "set-session",
                    "--help -h --list-options",
                    "disable-channel",
                    "--help -h --session -s --kernel -k --userspace -u --jul -j --log4j2"
                            + " --list-options",
                    "disable-event",
                    "--help -h --session -s --all-events -a --channel -c --jul -j --kernel"
                            + " --log4j2 -k --userspace -u --syscall --tracepoint --all --list-options"
                            + " --method",
                    "enable-event",
                    "--help -h --session -s --all -a --channel -c --kernel -k --userspace"
                            + " -u --jul -j --log4j2 --tracepoint --syscall --loglevel --loglevel-only"
                            + " --list-options --exclude -x --jfr --threshold --period --throttle --stack"
                            + " --filter -f --method --arg --return",
                    "list",
                    "--help -h --kernel -k --jul -j --log4j2 --userspace -u --channel -c --domain -d"
                            + " --fields -f --syscall -S --list-options");

    static Stream<String> commands() {
        return Commands.names().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void listsEveryOptionOfTheCommand(String command) {
        CommandSpec spec = Commands.find(command).orElseThrow().spec();
        var names =
                spec.options().stream()
                        .filter(option -> !option.hidden())
                        .flatMap(option -> Arrays.stream(option.names()));

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
        assertThat(help.getFirst())
                .startsWith("Usage: contrail " + command)
                .hasSizeLessThanOrEqualTo(80);
        assertThat(help.get(1)).isEmpty();
        assertThat(help).contains("Example:");
        assertThat(spec.options())
                .filteredOn(option -> !option.hidden())
                .allSatisfy(option -> {
                    assertThat(option.description()).isNotEmpty();
                    assertThat(String.join("\n", help)).contains(option.longestName());
                });
    }

    @Test
    void listsTheCommands() {
        assertThat(lines("--list-commands")).isEqualTo(Commands.names());
        assertThat(Page.all().keySet()).containsExactlyElementsOf(Commands.names());
        assertThat(lines("snapshot", "--list-commands"))
                .containsExactly("add-output", "del-output", "list-output", "record");
    }

    /// What is another entry point's is named with it.
    @Test
    void namesTheOtherEntryPoints() {
        assertThat(lines("--help"))
                .contains("Other entry points, beside this program:")
                .anyMatch(line -> line.startsWith("  babeltrace2 "))
                .anyMatch(line -> line.startsWith("  lttng "));
        for (String word : List.of("query", "list-plugins", "run")) {
            assertThat(User.at(Path.of("/")).contrail(word))
                    .isEqualTo(
                            new Said(
                                    ExitStatus.UNDEFINED.number(),
                                    "contrail: %s is a command of babeltrace2: babeltrace2 %s\n"
                                            .formatted(word, word),
                                    ""));
        }
    }

    @Test
    void namesTheLogLevelsOfEachDomain() {
        assertThat(String.join(" ", lines("help", "enable-event")).replaceAll("\\s+", " "))
                .contains(
                        "With -u: EMERG, ALERT,",
                        "DEBUG; of logback:LOGGER ERROR, WARN, INFO, DEBUG, TRACE. With -j: OFF, SEVERE,");
    }

    /// The examples of the text mean what it says of them.
    @Test
    void explainsFilters(@TempDir Path folder) throws IOException {
        ShopTrace.write(folder.resolve("trace"));
        User user = User.at(folder);
        String help = user.succeed("help filter");
        assertThat(help.lines()).allMatch(line -> line.length() <= 88);
        assertThat(help).contains("$event.name", "$app.PROVIDER:NAME", "\\* for");

        var taken = new ArrayList<String>();
        for (FilterPage.Example each : FilterPage.EXAMPLES) {
            assertThat(help).contains("  " + each.expression() + "\n      " + each.meaning());
            String events =
                    user.succeed("view --filter '" + each.expression() + "' DIR/trace")
                            .lines()
                            .map(line ->
                                    line.replaceAll(".* shop:(\\w+): .*order = (\\d+),.*", "$2:$1"))
                            .collect(Collectors.joining(" "));
            taken.add(each.expression() + ": " + events);
        }
        assertThat(taken)
                .containsExactly(
                        "cents > 1000: 2:ordered 2:paid",
                        "what == \"*oo*\" || order == 3: 2:ordered 2:paid 3:ordered 3:paid",
                        "$name == \"shop:*\" && cents != 250: 2:ordered 2:paid 3:ordered 3:paid",
                        "$name != \"shop:paid\" && !(order == 2): 1:ordered 3:ordered",
                        "$host == \"till\" && (cents & 0xff) == 250: 1:ordered 1:paid",
                        "$time >= 1000000000500000000: 2:paid 3:ordered 3:paid");
        assertThat(user.succeed("help view").replaceAll("\\s+", " "))
                .contains("'contrail help filter' explains it");
    }

    @Test
    void saysWhatHelpWasProbablyWanted() {
        assertSaid(
                User.at(Path.of("/")),
                """
                $ contrail help creat
                2 Error: Unknown command "creat": did you mean create?
                = 1
                $ contrail help filters
                2 Error: Unknown command "filters": did you mean filter?
                = 1
                $ contrail help foo
                2 Error: Unknown command "foo". See 'contrail --help'.
                = 1
                $ lttng help filter
                2 Error: Unknown command "filter"
                = 1
                $ lttng help creat
                2 Error: Unknown command "creat"
                = 1
                """);
    }

    /// Each word of that entry point has its own text.
    @Test
    void knowsTheCommandsOfBabeltrace() {
        for (String word : Babeltrace.commands()) {
            assertThat(BabeltraceUsage.GENERAL).containsPattern("(?m)^  " + word + " ");
        }
    }

    /// A command that has no word is forgotten.
    @Test
    void hasAWordForEveryCommand() throws IOException {
        Path sources = Path.of("src/main/java/dev/contrail/cli");
        String words = Files.readString(sources.resolve("Commands.java"));
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                if (name.endsWith("Command") && !name.equals("Command")) {
                    assertThat(words)
                            .as("%s in Commands", name)
                            .containsPattern("\\b" + name + "(::new|\\()");
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
                    .noneMatch(option -> UnsupportedOptions.isOption(command, option));
        }
    }

    private static List<String> lines(String... words) {
        return User.at(Path.of("/")).succeed(String.join(" ", words)).lines().toList();
    }
}
