// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.util.ArrayList;
import java.util.List;

/// The options before the command.
///
/// @param group tracing group, whose members may use root's daemon
/// @param sessiondPath program that `create` spawns, empty for this one
/// @param rest the command and its arguments
public record GeneralOptions(
        boolean isQuiet,
        int verbosity,
        boolean mayNotSpawn,
        String group,
        String sessiondPath,
        boolean wantsHelp,
        boolean wantsVersion,
        boolean wantsOptionList,
        boolean wantsCommandList,
        List<String> rest) {

    /// Parses what stands before the command.
    ///
    /// @throws Failure in getopt's words when an option is unknown or has no value
    public static GeneralOptions parse(String[] arguments) throws Failure {
        boolean quiet = false;
        int verbosity = 0;
        boolean mayNotSpawn = false;
        String group = "tracing";
        String sessiond = "";
        boolean help = false;
        boolean version = false;
        boolean optionList = false;
        boolean commandList = false;
        int at = 0;
        while (at < arguments.length
                && arguments[at].startsWith("-")
                && arguments[at].length() > 1) {
            String word = arguments[at++];
            String value = "";
            int equals = word.indexOf('=');
            if (word.startsWith("--") && equals > 0) {
                value = word.substring(equals + 1);
                word = word.substring(0, equals);
            }
            switch (word) {
                case "-q", "--quiet" -> quiet = true;
                case "-v", "--verbose" -> verbosity++;
                case "-vv" -> verbosity += 2;
                case "-vvv" -> verbosity += 3;
                case "-n", "--no-sessiond" -> mayNotSpawn = true;
                case "-h", "--help" -> help = true;
                case "-V", "--version" -> version = true;
                case "--list-options" -> optionList = true;
                case "--list-commands" -> commandList = true;
                case "-g", "--group", "--sessiond-path", "--relayd-path", "-m", "--mi" -> {
                    if (value.isEmpty()) {
                        if (at == arguments.length) {
                            throw missing(word);
                        }
                        value = arguments[at++];
                    }
                    switch (word) {
                        case "-g", "--group" -> group = value;
                        case "--sessiond-path" -> sessiond = value;
                        default -> throw new Failure(word + " is not implemented yet");
                    }
                }
                default -> throw unknown(word);
            }
        }
        var rest = new ArrayList<String>();
        while (at < arguments.length) {
            rest.add(arguments[at++]);
        }
        return new GeneralOptions(
                quiet,
                verbosity,
                mayNotSpawn,
                group,
                sessiond,
                help,
                version,
                optionList,
                commandList,
                rest);
    }

    // The words of GNU getopt, which lttng has these options from.

    private static Failure missing(String word) {
        return new Failure(
                word.startsWith("--")
                        ? "option '%s' requires an argument".formatted(word)
                        : "option requires an argument -- '%s'".formatted(word.substring(1)));
    }

    private static Failure unknown(String word) {
        return new Failure(
                word.startsWith("--")
                        ? "unrecognized option '%s'".formatted(word)
                        : "invalid option -- '%s'".formatted(word.charAt(1)));
    }
}
