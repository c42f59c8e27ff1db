// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.daemon.RelaydCommand;
import dev.contrail.cli.daemon.SessiondCommand;
import dev.contrail.cli.install.InstallCommand;
import dev.contrail.cli.install.UninstallCommand;
import dev.contrail.cli.jvm.AttachCommand;
import dev.contrail.cli.machine.AgentCommand;
import dev.contrail.cli.machine.DoctorCommand;
import dev.contrail.cli.read.ConvertCommand;
import dev.contrail.cli.read.SummaryCommand;
import dev.contrail.cli.read.ViewCommand;
import dev.contrail.cli.run.DemoCommand;
import dev.contrail.cli.run.RecordCommand;
import dev.contrail.cli.session.AddContextCommand;
import dev.contrail.cli.session.CreateCommand;
import dev.contrail.cli.session.DestroyCommand;
import dev.contrail.cli.session.DisableChannelCommand;
import dev.contrail.cli.session.DisableEventCommand;
import dev.contrail.cli.session.EnableChannelCommand;
import dev.contrail.cli.session.EnableEventCommand;
import dev.contrail.cli.session.ListCommand;
import dev.contrail.cli.session.RegenerateCommand;
import dev.contrail.cli.session.SetSessionCommand;
import dev.contrail.cli.session.SnapshotCommand;
import dev.contrail.cli.session.StartCommand;
import dev.contrail.cli.session.StatusCommand;
import dev.contrail.cli.session.StopCommand;
import dev.contrail.cli.top.TopCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The words of the command line. Only the wanted command is made: start-up is most of its cost.
final class Commands {
    private static final Map<String, Supplier<Command>> ENTRIES = new LinkedHashMap<>();

    static {
        ENTRIES.put("create", CreateCommand::new);
        ENTRIES.put("destroy", DestroyCommand::new);
        ENTRIES.put("start", StartCommand::new);
        ENTRIES.put("stop", StopCommand::new);
        ENTRIES.put("status", StatusCommand::new);
        ENTRIES.put("list", ListCommand::new);
        ENTRIES.put("set-session", SetSessionCommand::new);
        ENTRIES.put("enable-channel", EnableChannelCommand::new);
        ENTRIES.put("disable-channel", DisableChannelCommand::new);
        ENTRIES.put("enable-event", EnableEventCommand::new);
        ENTRIES.put("disable-event", DisableEventCommand::new);
        ENTRIES.put("add-context", AddContextCommand::new);
        ENTRIES.put("regenerate", RegenerateCommand::new);
        ENTRIES.put("snapshot", SnapshotCommand::new);
        ENTRIES.put("view", ViewCommand::new);
        ENTRIES.put("convert", ConvertCommand::new);
        ENTRIES.put("summary", SummaryCommand::new);
        ENTRIES.put("top", TopCommand::new);
        ENTRIES.put("record", RecordCommand::new);
        ENTRIES.put("attach", AttachCommand::new);
        ENTRIES.put("demo", DemoCommand::new);
        ENTRIES.put("doctor", DoctorCommand::new);
        ENTRIES.put("agent", AgentCommand::new);
        ENTRIES.put("completion", CompletionCommand::new);
        ENTRIES.put("install", () -> new InstallCommand(CompletionScript::installed));
        ENTRIES.put("uninstall", UninstallCommand::new);
        ENTRIES.put("sessiond", SessiondCommand::new);
        ENTRIES.put("relayd", RelaydCommand::new);
        ENTRIES.put("version", VersionCommand::new);
        ENTRIES.put("help", () -> new HelpCommand(Commands::find));
    }

    private static final Set<String> FORESEEN =
            Set.of(
                    "add-trigger",
                    "clear",
                    "disable-rotation",
                    "enable-rotation",
                    "list-triggers",
                    "load",
                    "metadata",
                    "remove-trigger",
                    "rotate",
                    "save",
                    "track",
                    "untrack");

    private Commands() {}

    /// A new command; empty for an unknown word.
    static Optional<Command> find(String word) {
        return Optional.ofNullable(ENTRIES.get(word)).map(Supplier::get);
    }

    /// Whether LTTng 2.13 or a later version of ours has that command.
    static boolean isForeseen(String word) {
        return FORESEEN.contains(word);
    }

    /// All words, in the order of [Page#all].
    static List<String> names() {
        return new ArrayList<>(ENTRIES.keySet());
    }
}
