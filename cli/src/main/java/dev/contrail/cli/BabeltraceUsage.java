// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.util.List;

/// What the entry point `babeltrace2` prints for `--help`.
final class BabeltraceUsage {
    static final String GENERAL =
            """
            Usage: babeltrace2 [GENERAL OPTIONS] [COMMAND] [COMMAND ARGUMENTS]

            Commands:
              convert       Convert and trim traces (the default)
              help          Explain a plugin or a component class
              list-plugins  List the component classes
              query         Ask a component class about something
              run           Run a graph of components

            General options:
                  --plugin-path=PATH[:PATH]...  Directories of jars with more components
              -h, --help                        Print this text
              -V, --version                     Print the version

            See `babeltrace2 COMMAND --help` for one command.
            """;

    private static final String PARAMETERS =
            """

            PARAMS is NAME=VALUE[,NAME=VALUE]..., where a VALUE is null, yes or no, an integer
            (+N: unsigned), a real number, a string (quoted, unless it is a plain word),
            [VALUE,...] or {NAME=VALUE,...}. Quote it for the shell.
            """;

    static final String LIST_PLUGINS =
            """
            Usage: babeltrace2 [GENERAL OPTIONS] list-plugins

            Lists the component classes that are built in, and those of --plugin-path.
            """;

    static final String HELP =
            """
            Usage: babeltrace2 [GENERAL OPTIONS] help PLUGIN
                   babeltrace2 [GENERAL OPTIONS] help TYPE.PLUGIN.CLASS

            TYPE is source, filter or sink.
            """;

    /// What [#QUERY] lists.
    static final List<String> OBJECTS =
            List.of("metadata-info", "babeltrace.trace-infos", "babeltrace.support-info");

    static final String QUERY =
            """
            Usage: babeltrace2 [GENERAL OPTIONS] query [-p PARAMS] TYPE.PLUGIN.CLASS OBJECT

            Objects of source.ctf.fs, and the parameters that they need:
              metadata-info            path
              babeltrace.trace-infos   inputs
              babeltrace.support-info  type, input

            Options:
              -p, --params=PARAMS  Parameters of the query
              -h, --help           Print this text
            """
                    + PARAMETERS;

    static final String RUN =
            """
            Usage: babeltrace2 [GENERAL OPTIONS] run OPTIONS

            Options:
              -c, --component=NAME:TYPE.PLUGIN.CLASS  Add a component
              -p, --params=PARAMS                     Parameters of the component before
              -b, --base-params=PARAMS                Parameters of all components from here on
              -r, --reset-base-params                 No base parameters from here on
              -x, --connect=UPSTREAM:DOWNSTREAM       Connect two components
              -l, --log-level=LEVEL                   Accepted; of no use here
                  --retry-duration=MICROSECONDS       Accepted; of no use here
              -h, --help                              Print this text

            Names may have a port pattern behind them, NAME.PORT; in names, \\ goes before \\ . and :
            """
                    + PARAMETERS;

    private BabeltraceUsage() {}
}
