// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What the help and the manual page of a command say beyond its options.
///
/// @param summary what it does, in a few words without a full stop
/// @param synopsis the line after the program's name
/// @param text what one needs to know, in a paragraph
/// @param example the line after the program's name
record Page(String summary, String synopsis, String text, String example) {
    private static final SequencedMap<String, Page> PAGES = new LinkedHashMap<>();

    static {
        add(
                "create",
                "Create a recording session",
                "create [NAME] [-o DIR | -U URL] [OPTIONS]",
                "Creates a session, makes it the current one, and starts a session daemon if"
                        + " none is running. A snapshot session is a flight recorder: it keeps the"
                        + " newest records in memory until 'snapshot record'. With a URL the trace goes to a relay"
                        + " daemon, LTTng's or Contrail's: over plain TCP, or TLS 1.3 with a token of"
                        + " 'contrail relayd --enrol' in the URL, once. When the relay cannot be reached,"
                        + " what was recorded waits, 256 MiB of it, and then the oldest is lost and counted;"
                        + " the connection is made again as soon as that works. The trace goes on at a relay of"
                        + " Contrail's, whichever daemon was killed meanwhile; at LTTng's in a session of its"
                        + " own, as they know no other way. 'stop' and 'status' count what could not be sent.",
                "create --snapshot");
        add(
                "destroy",
                "Destroy a recording session",
                "destroy [NAME | -a]",
                "Stops the session and forgets it. What it has written stays.",
                "destroy --all");
        add(
                "start",
                "Start tracing",
                "start [NAME]",
                "Starts or resumes recording, and returns when the applications have"
                        + " followed. The session needs an event rule or a channel.",
                "start");
        add(
                "stop",
                "Stop tracing",
                "stop [NAME] [-n]",
                "Pauses recording, and returns once everything that was recorded is written."
                        + " If the output has not responded for some seconds, it returns with a warning"
                        + " that says how much is waiting; the session daemon writes that as soon as it"
                        + " can. With -n it does not wait at all.",
                "stop");
        add(
                "status",
                "Show the current session, its history and its losses",
                "status",
                "Shows the current session, its age and output, the JVMs that it records and"
                        + " those that it cannot, and, for each domain, how far back the buffers reach"
                        + " and what was lost. 'list SESSION' shows channels and rules.",
                "status");
        add(
                "list",
                "List sessions, their content, and what can be recorded",
                "list [SESSION [-d | -c CHANNEL]] | list (-k [-S] | -u | -j) [-f]",
                "Without arguments, lists the sessions; with a session, its channels and"
                        + " rules; with a domain, what can be recorded: for -u and -j, in the"
                        + " applications that are running now, and the JVMs that are here: those with the"
                        + " tracer, those that 'attach' can load it into, and those that it cannot be loaded"
                        + " into, with why.",
                "list -u");
        add(
                "set-session",
                "Set the current session",
                "set-session NAME",
                "Commands that name no session mean this one from now on.",
                "set-session night");
        add(
                "enable-channel",
                "Create or enable channels",
                "enable-channel (-k | -u | -j) [NAME[,NAME...]] [OPTIONS]",
                "Creates channels, or enables disabled ones. An event rule creates channel0"
                        + " when there is no channel; use this command for other sizes and loss modes,"
                        + " before the session is first started. A log system (-j, --log4j2) has one"
                        + " channel, lttng_jul_channel or lttng_log4j2_channel, to which its rules go.",
                "enable-channel -u big --subbuf-size 4M --num-subbuf 8");
        add(
                "disable-channel",
                "Disable channels",
                "disable-channel (-k | -u | -j) [NAME[,NAME...]] [-s SESSION]",
                "The channel's rings take no more records until it is enabled again.",
                "disable-channel -u big");
        add(
                "enable-event",
                "Create or enable event rules",
                "enable-event (-k | -u | -j) (-a | NAME | --method M) [OPTIONS]",
                "Says what is recorded: kernel tracepoints by name or as SYSTEM:EVENT, system"
                        + " calls without sys_, typed tracepoints of JVM applications as PROVIDER:NAME,"
                        + " events of the JDK's Flight Recorder as jfr:NAME, which need no agent and come"
                        + " one or two seconds late,"
                        + " loggers of java.util.logging. * matches anything. With --filter only those"
                        + " events of JVMs are recorded for which an expression is true. With --method, calls of"
                        + " methods of JVMs that have the agent: METHOD_entry with its arguments,"
                        + " METHOD_exit with duration_ns, result, exception and message. A filter is"
                        + " asked of each of the two: one that names a field of one records none of"
                        + " the other, as duration_ns > 5000000, or --threshold 5ms, only the ends"
                        + " of slow calls. Inner"
                        + " classes have a $ in their name; a constructor, <init>, is recorded from"
                        + " behind super(); abstract and native methods are not, so name the classes"
                        + " that implement an interface. Methods, and names that begin with jfr:, logback: or"
                        + " jvm:, need no -u.",
                "enable-event -u --method 'com.shop.Cart.add(*)' --arg 0 --arg order.id --return");
        add(
                "disable-event",
                "Disable event rules",
                "disable-event (-k | -u | -j) (-a | NAME[,NAME...]) [OPTIONS]",
                "Disables event rules by the text of their pattern.",
                "disable-event -k sched_switch");
        add(
                "add-context",
                "Add context fields to a channel",
                "add-context (-u | -j) -t TYPE... [-c CHANNEL] [OPTIONS]",
                "Adds fields to each event that the channel records, before the session is started"
                        + " for the first time. Those of a JVM are vpid, procname, thread_name,"
                        + " java_thread_id, virtual_thread, callstack-java (the number of a stack, which an event"
                        + " jvm:stack explains), the"
                        + " namespaces (net_ns, pid_ns, ...), the ids of user and group (vuid, ...),"
                        + " with JDK 22 and native access pthread_id and perf:thread:task-clock,"
                        + " context-switches and page-fault, and"
                        + " what an application sets in its threads, as $app.PROVIDER:NAME. What its"
                        + " libraries keep for its threads is $app.mdc:KEY, a key of the mapped diagnostic"
                        + " context of SLF4J or Log4j 2 (in KEY, _ stands for any other character), and"
                        + " $app.otel:trace_id and $app.otel:span_id, the current span of OpenTelemetry;"
                        + " they need the agent. A string"
                        + " has 63 bytes at most. vtid is there without being added.",
                "add-context -u -t thread_name -t '$app.shop:request' -t '$app.mdc:requestId'");
        add(
                "regenerate",
                "Take the state dump of a recording again",
                "regenerate statedump [-s SESSION]",
                "Records anew what state machine and programs are in: processes and files for the"
                        + " kernel; for JVMs that a rule for 'lttng_ust_statedump:*' has"
                        + " been made for, command line, flags, class path, agents and threads. The"
                        + " session has to be started. The first state dump comes with the start, and stays"
                        + " in snapshots whatever the buffers overwrite.",
                "regenerate statedump");
        add(
                "snapshot",
                "Record snapshots and say where they go",
                "snapshot ACTION [DIR | URL | ID] [OPTIONS]",
                "'record' writes what the buffers hold now as a trace of its own; recording"
                        + " goes on, and the buffers keep what they have. With a URL the trace goes to the relay"
                        + " daemon there.",
                "snapshot record -n before-the-crash");
        add(
                "view",
                "Print a trace as text",
                "view [SESSION | PATH... | URL...] [OPTIONS]",
                "Prints events in time order, as babeltrace2 does. Without an argument"
                        + " it shows what was recorded last: the trace of the current session,"
                        + " or one that 'record', 'demo' or a session since destroyed has"
                        + " written after it; standard error says which. Of an active"
                        + " snapshot session it shows the newest snapshot; where no session"
                        + " daemon runs, what the last one has stored. Of a live session of"
                        + " a relay daemon it shows events while they are recorded, from now on,"
                        + " until the session ends or Ctrl-C; of one that has ended, all; a SESSION whose trace"
                        + " goes to a relay daemon is looked at there. Where a relay daemon of Contrail's goes away, it"
                        + " is tried for a minute: with --as nothing is missed, without it standard error says what"
                        + " is. The entry"
                        + " point lttng takes -t DIR and -e 'READER ARGUMENTS'"
                        + " instead.",
                "view --clock-gmt lttng-traces/night-20260101-000000");
        add(
                "convert",
                "Convert traces, with babeltrace2's options",
                "convert PATH... [OPTIONS]",
                "Reads all traces in and below the folders, in time order, into a sink: text"
                        + " unless --component or --output-format names another. The options are those"
                        + " of 'babeltrace2 convert'.",
                "convert -c sink.utils.counter lttng-traces/night-20260101-000000");
        add(
                "summary",
                "Show what is in a trace at a glance",
                "summary [SESSION | PATH... | URL...] [--by-class]",
                "Tells, for each trace in and below the folders, where it comes from, which"
                        + " time it covers, its streams, packets and bytes, and what was lost. Of a trace"
                        + " in several folders (rotated chunks, snapshots) Folder is that of its"
                        + " oldest packets. Reads only indexes, unless events are to be counted by class. Without an"
                        + " argument it looks at what was recorded last, as 'view' does. Losses are a"
                        + " range, such as '0 to 12 events', where a stream's first packet counts some"
                        + " already: they may have happened in it or before the trace begins. A session that a relay"
                        + " daemon has is read from its beginning; of one that is still recorded the summary comes at"
                        + " its end, or at Ctrl-C. A ring is read like"
                        + " a trace, whether its program is running or was killed: each session is a"
                        + " trace, each cell of a channel a stream; a cell is what one thread, or some"
                        + " threads together, write into.",
                "summary --by-class lttng-traces/night-20260101-000000");
        add(
                "top",
                "Show what machines do, live or in a trace",
                "top [SESSION | PATH... | URL...] [OPTIONS]",
                "Shows, on the full screen, who has the processors, who waits for them and who had"
                        + " them meanwhile, system calls, bytes read and written, events and what was"
                        + " lost. Without an argument it looks at this machine: the session daemon makes"
                        + " a session for as long as that takes, which records scheduling, system calls"
                        + " and the JVMs' tracepoints and logs; without the right to use tracefs, the JVMs"
                        + " only. With the URL of a live session, or with -r, it looks at what a relay"
                        + " daemon receives, on several hosts at once. A stored trace is played: Space"
                        + " pauses, . goes on by one interval, + and - change the speed. ? explains keys"
                        + " and columns. With --batch and --json it prints tables, of a stored trace one"
                        + " of the whole.",
                "top --batch --view threads,syscalls lttng-traces/night-20260101-000000");
        add(
                "record",
                "Record one command of yours, or a JVM that runs",
                "record [OPTIONS] ([--] COMMAND [ARGUMENT...] | [-p PID|NAME])",
                "Runs the command and records it in a session of its own. Without -k,"
                        + " --syscall, -u, -j or --log4j2 it records all of these, and Logback. To record logs"
                        + " (-j, --log4j2, -u logback:LOGGER), the command's JVMs load the tracer as an agent, through"
                        + " JAVA_TOOL_OPTIONS; a JVM without the module java.instrument does not start"
                        + " with an agent: leave out -j then, and name what to record. Tracepoints (-u)"
                        + " need no agent: the program has the tracer in its class path. SIGHUP, SIGINT"
                        + " (Ctrl-C) and SIGTERM are passed on to the command; record waits until it"
                        + " ends, however long that takes, and leaves a whole trace. Then it says, on"
                        + " standard error, where the trace is, or why there is likely none; before that"
                        + " it prints nothing, unless there is --progress. With -U the trace goes to a relay"
                        + " daemon as it is recorded, with --snapshot at the end; the command does not begin where none"
                        + " answers. At the end it says where the trace is there, how much could not be sent, and how to"
                        + " look at it. A snapshot that cannot be sent is written here. The exit status is the"
                        + " command's, or 128 plus the signal's number if a signal ended it (143 for"
                        + " SIGTERM), or 127 if there is no such command. With -p a JVM that runs is recorded in place"
                        + " of a command, as 'attach' chooses it; with neither, the only one there is. That lasts"
                        + " for --duration, until Ctrl-C, or until the JVM ends, which goes on as before.",
                "record -o trace -- java -jar program.jar");
        add(
                "attach",
                "Load the tracer into JVMs that run",
                "attach [PID|NAME...]",
                "Loads the tracer's agent into running JVMs, as if they had been started with"
                        + " -javaagent:$(contrail agent): sessions record them from then on. Without arguments,"
                        + " into the only one there is. A JVM is named by its main class, with or without the"
                        + " package, or its jar; * stands for any characters. It must be of JDK 17 or later, of the"
                        + " same user unless you are root, and see the jar. A JVM of JDK 21 or later writes a warning"
                        + " to its standard error, as with any agent that comes late, unless it was started with"
                        + " -XX:+EnableDynamicAgentLoading. 'list -u' shows the JVMs.",
                "attach my-service.jar");
        add(
                "demo",
                "Show a failing program under the flight recorder",
                "demo [-o DIR | -U URL]",
                "Runs a small shop in which an order fails, takes a snapshot at the"
                        + " failure, and prints the last moments before it. With -U the snapshot is sent to a"
                        + " relay daemon. Takes"
                        + " less than a minute; only the trace stays.",
                "demo");
        add(
                "doctor",
                "Say what works on this machine, and how to fix the rest",
                "doctor",
                "Looks at Java, shared memory, permissions, the session daemon, the kernel,"
                        + " and what daemons and programs left behind when they ended, and names the"
                        + " exact fix for what does not work. The exit status is 0 when JVM applications"
                        + " can be recorded.",
                "doctor");
        add(
                "agent",
                "Print the path of the tracer's jar for java -javaagent:",
                "agent [--samples]",
                "For build and start scripts, which then need to know nothing else.",
                "agent    # java -javaagent:$(contrail agent) -jar program.jar");
        add(
                "completion",
                "Print the shell's completion script",
                "completion (bash | zsh)",
                "The script completes commands, options, sessions and files.",
                "completion bash    # eval \"$(contrail completion bash)\"");
        add(
                "install",
                "Install this version beside any that are running",
                "install [--prefix DIR | --user] [--stage DIR]",
                "Copies this program, with a Java run-time image, to a directory of its own"
                        + " below lib/contrail, and points the command, the manual pages, the completion"
                        + " for bash and zsh and the unit for systemd to it. Running daemons and"
                        + " programs stay with the version that started them; versions that nothing runs"
                        + " from any more are removed. One 'install' waits for another.",
                "install --user");
        add(
                "uninstall",
                "Remove what was installed",
                "uninstall [--prefix DIR | --user] [--keep-sessions]",
                "Removes every installed version and the links to them. Traces stay, below"
                        + " lttng-traces or where they were written, and so do the settings ~/.contrailrc"
                        + " and ~/.contrail-outputs. Sessions are in the way, since what they record goes"
                        + " on until they are destroyed. A package is removed by the package manager.",
                "uninstall --user");
        add(
                "sessiond",
                "Run the session daemon",
                "sessiond [OPTIONS]",
                "Owns the sessions. A daemon that 'create' has started ends ten minutes after"
                        + " its last session; one that you start stays. It ends on SIGTERM or with"
                        + " --stop; the next one takes the sessions over, and nothing that was recorded"
                        + " is lost between the two. --replace does both: after an upgrade it moves the"
                        + " sessions to the new version. What it prints in the background is in"
                        + " sessiond.log of its run directory, /run/contrail for root, else ~/.contrail.",
                "sessiond --background");
        add(
                "relayd",
                "Run the relay daemon",
                "relayd [OPTIONS]",
                "Receives what session daemons send over the network ('lttng create --set-url"
                        + " net://HOST'), stores it below the output directory, lttng-traces in the home"
                        + " directory unless --output says another, and serves any number of live"
                        + " viewers ('babeltrace2 --input-format=lttng-live net://HOST'). At first only"
                        + " this machine can connect, as LTTng's protocols know neither secrets nor"
                        + " encryption. --enrol prints a token for another machine: given there once, as"
                        + " net://TOKEN@HOST, it opens the way, by TLS 1.3. It is kept there, a line"
                        + " for each host, in ~/.config/contrail/relay-tokens for viewers and in"
                        + " relay-tokens in the run directory for the session daemon; who deletes the"
                        + " line connects in plain again. --plain names addresses of this machine where"
                        + " anybody may connect unencrypted, as LTTng's programs do. Port 0 is any that is free; the ports are printed, and written to"
                        + " relayd/control.port, data.port and live.port in the run directory"
                        + " (/run/contrail for root, else ~/.contrail). It ends on SIGTERM"
                        + " or with --stop. What it"
                        + " prints in the background is in relayd/relayd.log there.",
                "relayd --daemonize --output /var/traces");
        add("version", "Show the version", "version", "Also: --version, on one line.", "version");
        add(
                "help",
                "Show the help of a command",
                "help [COMMAND | filter]",
                "The same as COMMAND --help. 'help filter' explains the expressions of --filter.",
                "help enable-event");
    }

    /// Every command's, by its word, in the order in which help lists them.
    static SequencedMap<String, Page> all() {
        return Collections.unmodifiableSequencedMap(PAGES);
    }

    static Page of(String command) {
        Page page = PAGES.get(command);
        if (page == null) {
            throw new IllegalArgumentException("no page for " + command);
        }
        return page;
    }

    private static void add(
            String command, String summary, String synopsis, String text, String example) {
        PAGES.put(command, new Page(summary, synopsis, text, example));
    }
}
