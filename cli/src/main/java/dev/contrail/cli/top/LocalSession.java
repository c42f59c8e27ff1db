// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DaemonConnection;
import dev.contrail.cli.console.DirectoryTree;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Places;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.EventRule.LevelSelection;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.PointType;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A session of the local daemon for as long as it is looked at: what this user may record of this
/// machine, in a directory of its own with few files of limited size.
final class LocalSession implements AutoCloseable {
    private static final String PREFIX = "contrail-top-";

    /// What tells who has the processors, who waits for them, and what processes are.
    private static final List<String> KERNEL_EVENTS =
            List.of(
                    "sched_switch",
                    "sched_waking",
                    "sched_wakeup_new",
                    "sched_migrate_task",
                    "sched_process_fork",
                    "sched_process_exec",
                    "sched_process_exit");

    private static final String KERNEL_CHANNEL = "kernel";
    private static final String JVM_CHANNEL = "jvms";

    /// The one that there is for log statements.
    private static final String LOG_CHANNEL = "lttng_jul_channel";

    /// A file that the reader has open stays readable when its stream goes on in others.
    private static final long FILE_BYTES = 8 << 20;

    private static final int FILES = 4;

    private final Console console;
    private final String name;
    private final Path directory;
    private String kernelRefusal = "";

    private LocalSession(Console console, String name, Path directory) {
        this.console = console;
        this.name = name;
        this.directory = directory;
    }

    /// Makes it, and starts it; a session daemon too, where none runs. What killed ones have left
    /// goes.
    static LocalSession open(Console console) throws IOException, Failure {
        needDaemon(console);
        removeLeft(console);
        String name = PREFIX + ProcessHandle.current().pid();
        Path directory = Files.createTempDirectory(Places.temporary(), name + "-");
        var session = new LocalSession(console, name, directory);
        try {
            console.ask(
                    new Request.CreateSession(
                            name,
                            SessionMode.DISK,
                            directory.resolve("trace").toString(),
                            0,
                            false,
                            console.places().home().toString()));
        } catch (IOException | Failure e) {
            DirectoryTree.delete(directory);
            throw e;
        }
        try {
            session.start();
            return session;
        } catch (IOException | Failure e) {
            session.close();
            throw e;
        }
    }

    private static void needDaemon(Console console) throws IOException, Failure {
        Optional<DaemonConnection> running = DaemonConnection.tryOpen(console.places());
        if (running.isPresent()) {
            running.get().close();
            return;
        }
        if (console.options().mayNotSpawn()) {
            throw DaemonConnection.noDaemon(console.places());
        }
        console.spawnDaemon();
    }

    private void start() throws IOException, Failure {
        try {
            channel(DomainName.KERNEL, KERNEL_CHANNEL);
            for (String each : KERNEL_EVENTS) {
                enable(DomainName.KERNEL, KERNEL_CHANNEL, PointType.TRACEPOINT, each);
            }
            enable(DomainName.KERNEL, KERNEL_CHANNEL, PointType.SYSCALL, "*");
        } catch (Failure failure) {
            kernelRefusal = failure.getMessage();
        }
        channel(DomainName.USERSPACE, JVM_CHANNEL);
        enable(DomainName.USERSPACE, JVM_CHANNEL, PointType.TRACEPOINT, "*");
        channel(DomainName.JUL, LOG_CHANNEL);
        enable(DomainName.JUL, LOG_CHANNEL, PointType.LOGGER, "*");
        console.ask(new Request.StartSession(name));
    }

    private void channel(DomainName domain, String channel) throws IOException, Failure {
        var attributes =
                new ChannelAttributes(LossMode.DISCARD, -1, -1, -1, -1, -1, FILE_BYTES, FILES, "");
        console.ask(new Request.EnableChannel(name, domain, channel, false, attributes));
    }

    private void enable(DomainName domain, String channel, PointType type, String pattern)
            throws IOException, Failure {
        var rule = new EventRule(type, pattern, List.of(), LevelSelection.ALL, 0, true);
        console.ask(new Request.EnableEvent(name, domain, channel, rule));
    }

    /// Where the trace is written.
    Path trace() {
        return directory.resolve("trace");
    }

    /// Why the kernel is not recorded; empty when it is.
    String kernelRefusal() {
        return kernelRefusal;
    }

    @Override
    public void close() throws IOException {
        try {
            console.ask(new Request.DestroySession(name));
        } catch (Failure failure) {
            console.error("The session %s stays: %s", name, failure.getMessage());
        } finally {
            DirectoryTree.delete(directory);
        }
    }

    /// Destroys sessions of this kind whose viewers were killed.
    private static void removeLeft(Console console) throws IOException, Failure {
        var sessions = (Reply.Sessions) console.ask(new Request.ListSessions());
        for (SessionView each : sessions.sessions()) {
            if (!each.name().matches(PREFIX + "\\d{1,9}")) {
                continue;
            }
            long pid = Long.parseLong(each.name().substring(PREFIX.length()));
            if (ProcessHandle.of(pid).isPresent()) {
                continue;
            }
            console.ask(new Request.DestroySession(each.name()));
            Path trace = Path.of(each.output());
            Optional<Path> directory = Optional.ofNullable(trace.getParent());
            if (directory.isPresent()
                    && directory.get().getFileName().toString().startsWith(each.name() + "-")) {
                DirectoryTree.delete(directory.get());
            }
        }
    }
}
