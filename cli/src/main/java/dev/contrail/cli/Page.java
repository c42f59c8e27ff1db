// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.util.Map;

/// What the help and the manual page of a command say beyond its options.
///
/// @param synopsis the line behind the program's name
/// @param text what one needs to know, in a paragraph
/// @param example the line behind the program's name
record Page(String synopsis, String text, String example) {
    private static final Map<String, Page> PAGES =
            Map.ofEntries(
                    page(
                            "create",
                            "create [NAME] [--snapshot | --no-output] [-o DIR]",
                            "Makes a session, makes it the current one, and starts a session daemon"
                                    + " where none answers. A snapshot session is a flight"
                                    + " recorder: it keeps the newest records in memory until"
                                    + " 'snapshot record'.",
                            "create --snapshot"),
                    page(
                            "destroy",
                            "destroy [NAME | -a]",
                            "Stops the session and forgets it. What it has written stays.",
                            "destroy --all"),
                    page(
                            "start",
                            "start [NAME]",
                            "Begins or resumes recording, and returns when the applications have"
                                    + " followed. The session needs an event rule or a channel.",
                            "start"),
                    page(
                            "stop",
                            "stop [NAME] [-n]",
                            "Pauses recording, and returns when all that was recorded is written.",
                            "stop"),
                    page(
                            "status",
                            "status",
                            "As 'list' of the current session, and for each domain how far back the"
                                    + " buffers reach and what was lost.",
                            "status"),
                    page(
                            "list",
                            "list [SESSION [-d | -c CHANNEL]] | list (-k [-S] | -u | -j) [-f]",
                            "Without arguments the sessions; with a session its channels and rules;"
                                    + " with a domain what can be recorded, for -u and -j in the"
                                    + " applications that run now.",
                            "list -u"),
                    page(
                            "set-session",
                            "set-session NAME",
                            "Makes that session the one that commands mean when they name none.",
                            "set-session night"),
                    page(
                            "enable-channel",
                            "enable-channel (-k | -u) NAME[,NAME...] [OPTIONS]",
                            "Makes channels, or enables disabled ones. Event rules make a channel"
                                    + " channel0 by themselves; this command is for other sizes"
                                    + " and loss modes. Not after the session was started.",
                            "enable-channel -u big --subbuf-size 4M --num-subbuf 8"),
                    page(
                            "disable-channel",
                            "disable-channel (-k | -u) NAME[,NAME...] [-s SESSION]",
                            "Its rings take no more records until it is enabled again.",
                            "disable-channel -u big"),
                    page(
                            "enable-event",
                            "enable-event (-k [--syscall] | -u | -j) (-a | NAME[,NAME...])"
                                    + " [OPTIONS]",
                            "Says what is recorded: kernel tracepoints by name or as SYSTEM:EVENT,"
                                    + " system calls without sys_, typed tracepoints of JVM"
                                    + " applications as PROVIDER:NAME, loggers of"
                                    + " java.util.logging. * stands for anything.",
                            "enable-event -u 'shop:*' -x shop:tick --loglevel INFO"),
                    page(
                            "disable-event",
                            "disable-event (-k | -u | -j) (-a | NAME[,NAME...]) [OPTIONS]",
                            "Disables event rules by the text of their pattern.",
                            "disable-event -k sched_switch"),
                    page(
                            "snapshot",
                            "snapshot (record [DIR] | add-output DIR | del-output ID | list-output)"
                                    + " [OPTIONS]",
                            "'record' writes what the buffers hold now as a trace of its own;"
                                    + " recording goes on and the buffers keep what they have.",
                            "snapshot record -n before-the-crash"),
                    page(
                            "convert",
                            "convert PATH... [OPTIONS]",
                            "Reads all traces in and below the folders, in the order of time, into"
                                    + " a sink: text unless --component or --output-format names"
                                    + " another. The options are those of 'babeltrace2 convert'.",
                            "convert -c sink.utils.counter lttng-traces/night-20260101-000000"),
                    page(
                            "summary",
                            "summary PATH... [--by-class]",
                            "Says of each trace in and below the folders where it is from, which"
                                    + " time it covers, its streams, packets and bytes, and what"
                                    + " was lost. Reads only indexes, unless events are to be"
                                    + " counted by class.",
                            "summary --by-class lttng-traces/night-20260101-000000"),
                    page(
                            "view",
                            "view [SESSION | PATH...] [OPTIONS]",
                            "Prints events in the order of time, as babeltrace2 does. Of an active"
                                    + " snapshot session it shows the newest snapshot. The entry"
                                    + " point lttng takes -t DIR and -e 'READER ARGUMENTS'"
                                    + " instead.",
                            "view --clock-gmt lttng-traces/night-20260101-000000"),
                    page(
                            "record",
                            "record [OPTIONS] [--] COMMAND [ARGUMENT...]",
                            "Runs the command and records it with a session of its own. Without"
                                    + " -k, --syscall, -u or -j it records all of these. For"
                                    + " java.util.logging (-j), JVMs among its processes load the"
                                    + " tracer as an agent, by JAVA_TOOL_OPTIONS; one without the"
                                    + " module java.instrument does not start with an agent: name"
                                    + " what is to be recorded, without -j. Tracepoints (-u) need"
                                    + " no agent: the program has the tracer in its class path."
                                    + " SIGHUP, SIGINT (Ctrl-C) and SIGTERM are passed on to the"
                                    + " command; record waits for its end, however long that"
                                    + " takes, and leaves a whole trace. The exit status is the"
                                    + " command's, 128 and the signal's number when a signal has"
                                    + " ended it (143 for SIGTERM); 127 when there is no such"
                                    + " command.",
                            "record -o trace -- java -jar program.jar"),
                    page(
                            "demo",
                            "demo [-o DIR]",
                            "Runs a small shop in which an order fails, takes a snapshot at the"
                                    + " failure, and prints the last moments before it. Takes"
                                    + " less than a minute; only the trace stays.",
                            "demo"),
                    page(
                            "doctor",
                            "doctor",
                            "Looks at Java, shared memory, permissions, the session daemon and the"
                                    + " kernel, and names the exact fix for what does not work."
                                    + " Exit status 0 when JVM applications can be recorded.",
                            "doctor"),
                    page(
                            "agent",
                            "agent",
                            "For build scripts and start scripts, which then need to know nothing"
                                    + " else.",
                            "agent    # java -javaagent:$(contrail agent) -jar program.jar"),
                    page(
                            "completion",
                            "completion (bash | zsh)",
                            "The script completes commands, options, sessions and files.",
                            "completion bash    # eval \"$(contrail completion bash)\""),
                    page(
                            "sessiond",
                            "sessiond [OPTIONS]",
                            "Owns the sessions; 'create' starts one by itself. Ends on SIGTERM; the"
                                    + " next one takes the sessions over.",
                            "sessiond --background"),
                    page("version", "version", "Also: --version, on one line.", "version"),
                    page(
                            "help",
                            "help [COMMAND]",
                            "The same as COMMAND --help.",
                            "help enable-event"));

    static Page of(String command) {
        Page page = PAGES.get(command);
        if (page == null) {
            throw new IllegalArgumentException("no page for " + command);
        }
        return page;
    }

    private static Map.Entry<String, Page> page(
            String command, String synopsis, String text, String example) {
        return Map.entry(command, new Page(synopsis, text, example));
    }
}
