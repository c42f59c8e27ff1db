// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static dev.contrail.cli.Dialogue.assertSaid;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stands before a command, and words that are no commands.
class CommandLineTest {
    @TempDir Path directory;

    @Test
    void versionsAreTold() {
        assertSaid(
                User.at(directory),
                """
                $ contrail --version
                1 contrail (a flight recorder for machines and JVMs) 0.1.0 - LTTng 2.13.9's commands
                $ contrail -V
                1 contrail (a flight recorder for machines and JVMs) 0.1.0 - LTTng 2.13.9's commands
                $ lttng --version
                1 lttng (LTTng Trace Control) 2.13.9 - contrail 0.1.0
                $ babeltrace2 --version
                1 Babeltrace 2.0.4 - contrail 0.1.0
                $ contrail sessiond --version
                1 0.1.0
                """);
    }

    @Test
    void wordsThatAreNoCommandsAreRefused() {
        assertSaid(
                User.at(directory),
                """
                $ contrail frobnicate
                1 contrail: frobnicate is not a contrail command. See 'contrail --help'.
                = 2
                $ contrail statsu
                1 contrail: statsu is not a contrail command: did you mean status? See 'contrail --help'.
                = 2
                $ lttng statsu
                1 lttng: statsu is not an lttng command. See 'lttng --help'.
                = 2
                $ contrail rotate
                2 Error: rotate is not implemented yet
                = 1
                $ contrail add-trigger
                2 Error: add-trigger is not implemented yet
                = 1
                $ contrail query
                1 contrail: query is a command of babeltrace2: babeltrace2 query
                = 2
                $ contrail completion tcsh
                2 Error: Unknown shell tcsh: want bash or zsh
                = 1
                """);
    }

    @Test
    void anOptionWithoutItsValueIsNamedWithWhatItNeeds() {
        assertSaid(
                User.at(directory),
                """
                $ contrail create -o
                2 Error: --output needs DIR: contrail create --output DIR
                = 2
                $ contrail record -k -- true
                2 Error: --kernel needs NAMES: contrail record --kernel NAMES
                = 2
                $ lttng create -o
                2 Error: Unrecognized argument used with 'create' command
                = 2
                """);
    }

    @Test
    void optionsBeforeTheCommandAreRefusedInTheWordsOfGetopt() {
        assertSaid(
                User.at(directory),
                """
                $ contrail --frobnicate list
                2 contrail: unrecognized option '--frobnicate' (a command's own options stand after it, see contrail help COMMAND)
                = 1
                $ contrail -Z list
                2 contrail: invalid option -- 'Z' (a command's own options stand after it, see contrail help COMMAND)
                = 1
                $ contrail --group
                2 contrail: option '--group' requires an argument
                = 1
                $ contrail -m xml list
                2 contrail: -m is not implemented yet
                = 1
                $ lttng --mi xml list
                2 lttng: --mi is not implemented yet
                = 1
                """);
    }
}
