// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The words of the command line. Only the wanted command is made: start-up is most of its cost.
final class Commands {
    /// What a word does, for the usage text, and how to make it.
    private record Entry(String summary, Supplier<Command> command) {}

    private static final Map<String, Entry> ENTRIES = new LinkedHashMap<>();

    static {
        add("create", "Create a recording session", CreateCommand::new);
        add("destroy", "Destroy a recording session", DestroyCommand::new);
        add("start", "Start tracing", StartCommand::new);
        add("stop", "Stop tracing", StopCommand::new);
        add("status", "Show the current session, its history and its losses", StatusCommand::new);
        add("list", "List sessions, their content, and what can be recorded", ListCommand::new);
        add("set-session", "Set the current session", SetSessionCommand::new);
        add("enable-channel", "Create or enable channels", EnableChannelCommand::new);
        add("disable-channel", "Disable channels", DisableChannelCommand::new);
        add("enable-event", "Create or enable event rules", EnableEventCommand::new);
        add("disable-event", "Disable event rules", DisableEventCommand::new);
        add("snapshot", "Record snapshots and say where they go", SnapshotCommand::new);
        add("view", "Print a trace as text", ViewCommand::new);
        add("convert", "Convert traces, with babeltrace2's options", ConvertCommand::new);
        add("summary", "Show what is in a trace at a glance", SummaryCommand::new);
        add("record", "Record one command of yours", RecordCommand::new);
        add("demo", "Show a failing program under the flight recorder", DemoCommand::new);
        add(
                "doctor",
                "Say what works on this machine, and how to mend the rest",
                DoctorCommand::new);
        add("agent", "Print the path of the tracer's jar for java -javaagent:", AgentCommand::new);
        add("completion", "Print the shell's completion script", CompletionCommand::new);
        add("sessiond", "Run the session daemon", SessiondCommand::new);
        add("version", "Show the version", VersionCommand::new);
        add("help", "Show the help of a command", HelpCommand::new);
    }

    private static final Set<String> FORESEEN =
            Set.of(
                    "add-context",
                    "add-trigger",
                    "clear",
                    "disable-rotation",
                    "enable-rotation",
                    "list-triggers",
                    "load",
                    "metadata",
                    "regenerate",
                    "relayd",
                    "remove-trigger",
                    "rotate",
                    "save",
                    "track",
                    "untrack");

    private Commands() {}

    static Optional<Command> find(String word) {
        return Optional.ofNullable(ENTRIES.get(word)).map(entry -> entry.command.get());
    }

    /// Whether LTTng 2.13 or a later version of ours has that command.
    static boolean isForeseen(String word) {
        return FORESEEN.contains(word);
    }

    static List<String> names() {
        return new ArrayList<>(ENTRIES.keySet());
    }

    static String summary(String word) {
        return Objects.requireNonNull(ENTRIES.get(word)).summary;
    }

    private static void add(String word, String summary, Supplier<Command> command) {
        ENTRIES.put(word, new Entry(summary, command));
    }
}
