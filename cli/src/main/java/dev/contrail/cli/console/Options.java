// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Makes the options and arguments that commands are declared with.
public final class Options {
    private Options() {}

    /// Adds the options that every command has.
    public static void addHelp(CommandSpec spec) {
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Print this text.")
                        .build());
        spec.addOption(
                OptionSpec.builder("--list-options")
                        .help(true)
                        .description("Print the options, one per line.")
                        .build());
    }

    /// A word that the command's grammar does not have.
    public static String unrecognized(String command, String word) {
        String where = "Unrecognized argument used with '%s' command".formatted(command);
        return word.isEmpty() ? where : where + ": " + word;
    }

    /// The names of all options that help shows, for each the longest first.
    public static List<String> names(CommandSpec spec) {
        var names = new ArrayList<String>();
        for (OptionSpec option : spec.options()) {
            if (option.hidden()) {
                continue;
            }
            names.add(option.longestName());
            for (String name : option.names()) {
                if (!name.equals(option.longestName())) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /// An option without a value.
    public static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
                .description(description)
                .build();
    }

    /// An option with one value.
    public static OptionSpec value(String label, String description, String... names) {
        return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    /// An option with one value that may be given several times.
    public static OptionSpec values(String label, String description, String... names) {
        return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    /// `-s SESSION`.
    public static OptionSpec session() {
        return value("SESSION", "Recording session; default: the current one.", "-s", "--session");
    }

    /// The first argument, which may be left out.
    public static PositionalParamSpec optionalArgument(String label, String description) {
        return PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /// The first argument.
    public static PositionalParamSpec argument(String label, String description) {
        return PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /// `-C`: a relay's port for commands.
    public static OptionSpec controlUrl() {
        return value(
                "URL",
                "With -D: the relay's control port, tcp://HOST[:PORT][/PATH].",
                "-C",
                "--ctrl-url");
    }

    /// `-D`: a relay's port for packets.
    public static OptionSpec dataUrl() {
        return value(
                "URL", "With -C: the relay's data port, tcp://HOST[:PORT].", "-D", "--data-url");
    }
}
