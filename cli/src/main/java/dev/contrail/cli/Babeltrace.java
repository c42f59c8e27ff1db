// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.ComponentClasses;
import dev.contrail.analysis.convert.Notices;
import dev.contrail.analysis.convert.Query;
import dev.contrail.analysis.convert.RunArguments;
import dev.contrail.analysis.convert.RunText;
import dev.contrail.analysis.convert.ViewArguments;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Surroundings;
import dev.contrail.cli.console.Version;
import dev.contrail.cli.read.ConvertCommand;
import dev.contrail.cli.read.PipeOutput;
import dev.contrail.ctf.Reason;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// The entry point for scripts that call `babeltrace2`: its commands over our components.
final class Babeltrace {
    /// The `babeltrace2` whose options and output these are.
    private static final String LEVEL = "2.0.4";

    private static final List<String> FLAGS =
            List.of(
                    "-d",
                    "--debug",
                    "-v",
                    "--verbose",
                    "--omit-home-plugin-path",
                    "--omit-system-plugin-path");

    /// Given before the command, it is the command's.
    private static final String PLUGIN_PATH = "--plugin-path";

    private static final List<String> VALUES = List.of("-l", "--log-level", PLUGIN_PATH);

    /// Words that `contrail` does not have; `convert` and `help` are commands of both.
    private static final List<String> OWN = List.of("list-plugins", "query", "run");

    private Babeltrace() {}

    /// Whether it is a command of this entry point only.
    static boolean hasCommand(String word) {
        return OWN.contains(word);
    }

    /// All words of this entry point.
    static List<String> commands() {
        return Stream.concat(Stream.of("convert", "help"), OWN.stream()).sorted().toList();
    }

    /// Runs one command.
    ///
    /// @return its exit status, 0 or 1
    static int run(String[] given, Surroundings surroundings) {
        PrintStream out = surroundings.out();
        List<String> arguments = new ArrayList<>(Arrays.asList(given));
        var plugins = new ArrayList<String>();
        while (!arguments.isEmpty() && isGeneral(arguments.getFirst())) {
            String option = arguments.removeFirst();
            String value = "";
            if (option.contains("=")) {
                value = option.substring(option.indexOf('=') + 1);
            } else if (VALUES.contains(option) && !arguments.isEmpty()) {
                value = arguments.removeFirst();
            }
            if (option.startsWith(PLUGIN_PATH)) {
                plugins.add(PLUGIN_PATH + "=" + value);
            }
        }
        String word = arguments.isEmpty() ? "--help" : arguments.removeFirst();
        try {
            return switch (word) {
                case "-V", "--version" -> print(out, version());
                case "-h", "--help" -> print(out, version() + "\n" + BabeltraceUsage.GENERAL);
                case "list-plugins" -> listPlugins(plugins, arguments, out);
                case "help" -> help(plugins, arguments, out);
                case "query" -> query(plugins, arguments, out);
                case "run" -> runGraph(plugins, arguments, surroundings);
                case "convert" -> convert(plugins, arguments, surroundings);
                default -> {
                    arguments.addFirst(word);
                    yield convert(plugins, arguments, surroundings);
                }
            };
        } catch (UsageException e) {
            surroundings.err().println(Notices.BABELTRACE.error() + Reason.of(e));
            return 1;
        }
    }

    private static boolean isGeneral(String word) {
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        return FLAGS.contains(name) || VALUES.contains(name);
    }

    private static int listPlugins(List<String> plugins, List<String> arguments, PrintStream out)
            throws UsageException {
        if (wantsHelp(arguments)) {
            return print(out, BabeltraceUsage.LIST_PLUGINS);
        }
        refuseBeyond(0, "list-plugins", arguments);
        return print(out, classes(plugins).list());
    }

    private static int help(List<String> plugins, List<String> arguments, PrintStream out)
            throws UsageException {
        if (wantsHelp(arguments)) {
            return print(out, BabeltraceUsage.HELP);
        }
        if (arguments.isEmpty()) {
            throw new UsageException("Missing plugin name or component class descriptor.");
        }
        refuseBeyond(1, "help", arguments);
        return print(out, classes(plugins).describe(arguments.getFirst()));
    }

    private static int query(List<String> plugins, List<String> arguments, PrintStream out)
            throws UsageException {
        return print(
                out,
                wantsHelp(arguments)
                        ? BabeltraceUsage.QUERY
                        : Query.answer(joined(plugins, arguments)).orElse(BabeltraceUsage.QUERY));
    }

    private static int runGraph(
            List<String> plugins, List<String> arguments, Surroundings surroundings)
            throws UsageException {
        return arguments.isEmpty() || wantsHelp(arguments)
                ? print(surroundings.out(), BabeltraceUsage.RUN)
                : PipeOutput.view(
                        RunArguments.parse(joined(plugins, arguments)),
                        surroundings,
                        Notices.BABELTRACE);
    }

    private static int convert(
            List<String> plugins, List<String> arguments, Surroundings surroundings)
            throws UsageException {
        PrintStream out = surroundings.out();
        if (wantsHelp(arguments)) {
            CommandSpec spec = new ConvertCommand().spec();
            Options.addHelp(spec);
            return print(out, Help.of("babeltrace2", "convert", new CommandLine(spec)));
        }
        String[] all = joined(plugins, arguments);
        if (arguments.contains("--run-args")) {
            return print(out, RunText.quoted(RunText.of(all)));
        }
        if (arguments.contains("--run-args-0")) {
            return print(out, String.join("\0", RunText.of(all)));
        }
        return PipeOutput.view(
                PipeOutput.parse(List.of(all), surroundings), surroundings, Notices.BABELTRACE);
    }

    private static boolean wantsHelp(List<String> arguments) {
        return arguments.contains("-h") || arguments.contains("--help");
    }

    private static void refuseBeyond(int count, String command, List<String> arguments)
            throws UsageException {
        if (arguments.size() > count) {
            throw new UsageException(
                    "Extraneous command-line argument specified to `%s` command: `%s`."
                            .formatted(command, arguments.get(count)));
        }
    }

    private static ComponentClasses classes(List<String> plugins) throws UsageException {
        var paths = new ArrayList<Path>();
        for (String each : plugins) {
            paths.addAll(ViewArguments.paths(each.substring(each.indexOf('=') + 1)));
        }
        return new ComponentClasses(paths);
    }

    private static String[] joined(List<String> plugins, List<String> rest) {
        plugins.addAll(rest);
        return plugins.toArray(String[]::new);
    }

    private static int print(PrintStream out, String text) {
        out.print(text);
        return 0;
    }

    private static String version() {
        return "Babeltrace %s - contrail %s%n".formatted(LEVEL, Version.NUMBER);
    }
}
