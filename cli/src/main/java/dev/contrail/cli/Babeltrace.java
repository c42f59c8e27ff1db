// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.ComponentClasses;
import dev.contrail.analysis.ViewArguments;
import dev.contrail.analysis.ViewOptions;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
            boolean isPluginPath = option.startsWith(PLUGIN_PATH);
            if (isPluginPath) {
                plugins.add(option);
            }
            if (VALUES.contains(option) && !arguments.isEmpty()) {
                String value = arguments.removeFirst();
                if (isPluginPath) {
                    plugins.add(value);
                }
            }
        }
        String word = arguments.isEmpty() ? "--help" : arguments.getFirst();
        List<String> rest =
                arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        try {
            return switch (word) {
                case "-V", "--version" -> print(out, version());
                case "-h", "--help" -> print(out, version() + "\n" + usage());
                case "list-plugins" -> print(out, ComponentClasses.list());
                case "help" ->
                        print(
                                out,
                                ComponentClasses.describe(rest.isEmpty() ? "" : rest.getFirst()));
                case "convert" -> view(PipeOutput.parse(joined(plugins, rest)), err);
                case "run" ->
                        view(
                                ViewOptions.parseRun(joined(plugins, rest).toArray(String[]::new)),
                                err);
                default -> view(PipeOutput.parse(joined(plugins, arguments)), err);
            };
        } catch (ViewArguments.UsageException e) {
            err.println("ERROR: " + e.getMessage());
            return 1;
        }
    }

    private static boolean isGeneral(String word) {
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        return FLAGS.contains(name) || VALUES.contains(name);
    }

    private static List<String> joined(List<String> plugins, List<String> rest) {
        plugins.addAll(rest);
        return plugins;
    }

    private static int view(ViewOptions options, PrintStream err) {
        return PipeOutput.view(options, err);
    }

    private static int print(PrintStream out, String text) {
        out.print(text);
        return 0;
    }

    private static String version() {
        return "Babeltrace %s - contrail %s%n".formatted(LEVEL, Version.NUMBER);
    }

    private static String usage() {
        return """
        Usage: babeltrace2 [GENERAL OPTIONS] [COMMAND] [COMMAND ARGUMENTS]

        Commands:
          convert       Convert and trim traces (the default)
          run           Run a graph of components
          list-plugins  List the components
          help          Explain a component

        General options:
          -h, --help     Print this text
          -V, --version  Print the version
        """;
    }
}
