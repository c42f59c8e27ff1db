// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.util.List;

/// The options before the command.
///
/// @param group tracing group, whose members may use root's daemon
/// @param sessiondPath program that `create` spawns, empty for this one
/// @param relaydPath program that `create --live` spawns, empty for this one
/// @param rest the command and its arguments
public record GeneralOptions(
        boolean isQuiet,
        int verbosity,
        boolean mayNotSpawn,
        String group,
        String sessiondPath,
        String relaydPath,
        boolean wantsHelp,
        boolean wantsVersion,
        boolean wantsOptionList,
        boolean wantsCommandList,
        List<String> rest) {

    private static final List<Getopt.Known> KNOWN =
            List.of(
                    new Getopt.Known("--version", 'V', false),
                    new Getopt.Known("--help", 'h', false),
                    new Getopt.Known("--group", 'g', true),
                    new Getopt.Known("--verbose", 'v', false),
                    new Getopt.Known("--quiet", 'q', false),
                    new Getopt.Known("--mi", 'm', true),
                    new Getopt.Known("--no-sessiond", 'n', false),
                    new Getopt.Known("--sessiond-path", '\0', true),
                    new Getopt.Known("--relayd-path", '\0', true),
                    new Getopt.Known("--list-options", '\0', false),
                    new Getopt.Known("--list-commands", '\0', false));

    /// Parses what stands before the command.
    ///
    /// @throws Failure in getopt's words when an option is unknown or has no value
    public static GeneralOptions parse(String[] arguments) throws Failure {
        boolean quiet = false;
        int verbosity = 0;
        boolean mayNotSpawn = false;
        String group = "tracing";
        String sessiond = "";
        String relayd = "";
        boolean help = false;
        boolean version = false;
        boolean optionList = false;
        boolean commandList = false;
        Getopt scanned = Getopt.scan(KNOWN, arguments);
        for (Getopt.Given given : scanned.given()) {
            switch (given.name()) {
                case "--quiet" -> quiet = true;
                case "--verbose" -> verbosity++;
                case "--no-sessiond" -> mayNotSpawn = true;
                case "--help" -> help = true;
                case "--version" -> version = true;
                case "--list-options" -> optionList = true;
                case "--list-commands" -> commandList = true;
                case "--group" -> group = given.value();
                case "--sessiond-path" -> sessiond = given.value();
                case "--relayd-path" -> relayd = given.value();
                default -> throw new Failure(given.word() + " is not implemented yet");
            }
        }
        return new GeneralOptions(
                quiet,
                verbosity,
                mayNotSpawn,
                group,
                sessiond,
                relayd,
                help,
                version,
                optionList,
                commandList,
                scanned.rest());
    }
}
