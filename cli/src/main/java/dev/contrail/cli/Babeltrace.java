// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.ComponentClasses;
import dev.contrail.analysis.Query;
import dev.contrail.analysis.RunText;
import dev.contrail.analysis.ViewArguments;
import dev.contrail.analysis.ViewOptions;
import dev.contrail.ctf.Reason;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    private Babeltrace() {}

    /// Runs one command.
    ///
    /// @return its exit status, 0 or 1
    static int run(String[] given, PrintStream out, PrintStream err) {
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
                case "run" -> runGraph(plugins, arguments, out, err);
                case "convert" -> convert(plugins, arguments, out, err);
                default -> {
                    arguments.addFirst(word);
                    yield convert(plugins, arguments, out, err);
                }
            };
        } catch (ViewArguments.UsageException e) {
            err.println("ERROR: " + Reason.of(e));
            return 1;
        }
    }

    private static boolean isGeneral(String word) {
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        return FLAGS.contains(name) || VALUES.contains(name);
    }

    private static int listPlugins(List<String> plugins, List<String> arguments, PrintStream out)
            throws ViewArguments.UsageException {
        if (wantsHelp(arguments)) {
            return print(out, BabeltraceUsage.LIST_PLUGINS);
        }
        refuseBeyond(0, "list-plugins", arguments);
        return print(out, classes(plugins).list());
    }

    private static int help(List<String> plugins, List<String> arguments, PrintStream out)
            throws ViewArguments.UsageException {
        if (wantsHelp(arguments)) {
            return print(out, BabeltraceUsage.HELP);
        }
        if (arguments.isEmpty()) {
            throw new ViewArguments.UsageException(
                    "Missing plugin name or component class descriptor.");
        }
        refuseBeyond(1, "help", arguments);
        return print(out, classes(plugins).describe(arguments.getFirst()));
    }

    private static int query(List<String> plugins, List<String> arguments, PrintStream out)
            throws ViewArguments.UsageException {
        return print(
                out,
                wantsHelp(arguments)
                        ? BabeltraceUsage.QUERY
                        : Query.answer(joined(plugins, arguments)).orElse(BabeltraceUsage.QUERY));
    }

    private static int runGraph(
            List<String> plugins, List<String> arguments, PrintStream out, PrintStream err)
            throws ViewArguments.UsageException {
        return arguments.isEmpty() || wantsHelp(arguments)
                ? print(out, BabeltraceUsage.RUN)
                : PipeOutput.view(ViewOptions.parseRun(joined(plugins, arguments)), err);
    }

    private static int convert(
            List<String> plugins, List<String> arguments, PrintStream out, PrintStream err)
            throws ViewArguments.UsageException {
        if (wantsHelp(arguments)) {
            CommandSpec spec = new ConvertCommand().spec();
            Usage.addHelp(spec);
            return print(out, Usage.of("babeltrace2", "convert", new CommandLine(spec)));
        }
        String[] all = joined(plugins, arguments);
        if (arguments.contains("--run-args")) {
            return print(out, RunText.quoted(RunText.of(all)));
        }
        if (arguments.contains("--run-args-0")) {
            return print(out, String.join("\0", RunText.of(all)));
        }
        return PipeOutput.view(PipeOutput.parse(List.of(all)), err);
    }

    private static boolean wantsHelp(List<String> arguments) {
        return arguments.contains("-h") || arguments.contains("--help");
    }

    private static void refuseBeyond(int count, String command, List<String> arguments)
            throws ViewArguments.UsageException {
        if (arguments.size() > count) {
            throw new ViewArguments.UsageException(
                    "Extraneous command-line argument specified to `%s` command: `%s`."
                            .formatted(command, arguments.get(count)));
        }
    }

    private static ComponentClasses classes(List<String> plugins)
            throws ViewArguments.UsageException {
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
