// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DirectoryTree;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.LiveLine;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.TerminalText;
import dev.contrail.cli.console.Values;
import dev.contrail.cli.session.SessionText;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.AccountView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `record [OPTIONS] -- COMMAND…`: records one command with a session of its own.
public final class RecordCommand implements Command {
    private static final int MOST_NAMED = 4;
    private static final String DEFAULT_KERNEL_EVENTS =
            "sched_switch,sched_process_fork,sched_process_exec,sched_process_exit";

    /// `ust/uid/UID/64-bit/metadata`
    private static final int TRACE_DEPTH = 5;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        // The first word that is no option begins the command, whose options are its own.
        spec.parser().stopAtPositional(true);
        return spec.addOption(
                        Options.value(
                                "NAMES",
                                "Kernel events, separated by commas (default: scheduling and"
                                        + " processes).",
                                "-k",
                                "--kernel"))
                .addOption(Options.flag("All system calls.", "--syscall"))
                .addOption(
                        Options.value(
                                "PATTERNS",
                                "Typed tracepoints of its JVMs: patterns, separated by commas.",
                                "-u",
                                "--userspace"))
                .addOption(Options.flag("java.util.logging of its JVMs.", "-j", "--jul"))
                .addOption(
                        Options.flag("Keep in memory; write the newest at the end.", "--snapshot"))
                .addOption(
                        Options.flag(
                                "Kernel events of all processes, not only the command and its"
                                        + " children.",
                                "--system-wide"))
                .addOption(
                        Options.flag(
                                "Count the events on the terminal while the command runs.",
                                "--progress"))
                .addOption(
                        Options.value(
                                "DIR",
                                "Write the trace to DIR, which is new or empty (default:"
                                        + " lttng-traces/COMMAND-TIME in the home directory).",
                                "-o",
                                "--output"))
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("0..*")
                                .arity("0..*")
                                .type(String[].class)
                                .paramLabel("COMMAND")
                                .description("The command to run, after --.")
                                .build());
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String[] command = line.matchedPositionalValue(0, new String[0]);
        if (command.length == 0) {
            throw new Failure("No command given: contrail record -- COMMAND…");
        }
        Path found = Programs.find(command[0], console.surroundings().environment());
        String program = Path.of(command[0]).getFileName().toString();
        return new Run(console, line, OutputDirectory.empty(line), found).run(program, command);
    }

    /// One command's run, by the main thread. Signals are the command's: when one of them ends it,
    /// the recording ends as it does without.
    private static final class Run {
        private final Console console;
        private final ParseResult line;
        private final Optional<Path> output;
        private final Path found;
        private final boolean isSnapshot;
        private boolean hasLogging;
        private boolean hasAgent;
        private Optional<Path> empty = Optional.empty();

        /// The terminal is the command's while it runs: what there is to say waits for its end.
        private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

        private final PassedSignals signals = PassedSignals.watch(warnings::add);

        Run(Console console, ParseResult line, Optional<Path> output, Path found) {
            this.console = console;
            this.line = line;
            this.output = output;
            this.found = found;
            isSnapshot = line.hasMatchedOption("--snapshot");
        }

        int run(String program, String[] command) throws IOException, Failure {
            try (PrivateSession session =
                    PrivateSession.open(
                            console,
                            isSnapshot ? SessionMode.SNAPSHOT : SessionMode.DISK,
                            program,
                            output,
                            warnings::add)) {
                return run(session, command);
            } catch (IOException | Failure failure) {
                if (signals.early() != 0) {
                    throw interrupted();
                }
                throw failure;
            } finally {
                warn();
                removeEmpty();
            }
        }

        /// Where nothing was recorded, no directory in the usual place is left of it.
        private void removeEmpty() throws IOException {
            if (empty.isPresent() && Files.isDirectory(empty.get())) {
                DirectoryTree.deleteIfEmpty(empty.get());
            }
        }

        private void warn() {
            for (String each = warnings.poll(); each != null; each = warnings.poll()) {
                console.warn("%s", each);
            }
        }

        private int run(PrivateSession session, String[] command) throws IOException, Failure {
            boolean hasKernel = enable(session);
            Path gate = session.file("gate");
            makePipe(gate);
            // Open for both: opening waits for nobody.
            try (FileChannel opener =
                    FileChannel.open(gate, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                Process started = start(session, command, gate);
                try {
                    if (hasKernel && !line.hasMatchedOption("--system-wide")) {
                        session.follow(started.pid());
                    }
                    session.start();
                } catch (Failure failure) {
                    started.destroyForcibly();
                    throw failure.withStatus(ExitStatus.ERROR);
                }
                if (!signals.begin(started)) {
                    started.destroyForcibly(); // The shell: the command has not begun.
                    throw interrupted();
                }
                opener.write(ByteBuffer.wrap("go\n".getBytes(StandardCharsets.UTF_8)));
                await(session, started);
                List<ProcessHandle> running = session.running();
                boolean isWhole = end(session, hasKernel);
                tellOf(running);
                explain(session, started.exitValue());
                return isWhole || started.exitValue() != 0
                        ? started.exitValue()
                        : ExitStatus.ERROR.number();
            }
        }

        /// @return whether kernel events are recorded
        private boolean enable(PrivateSession session) throws Failure {
            boolean isDefault =
                    !line.hasMatchedOption("-k")
                            && !line.hasMatchedOption("--syscall")
                            && !line.hasMatchedOption("-u")
                            && !line.hasMatchedOption("-j");
            boolean hasKernel = false;
            try {
                if (isDefault
                        || line.hasMatchedOption("-k")
                        || line.hasMatchedOption("--syscall")) {
                    checkNamespace();
                }
                if (isDefault || line.hasMatchedOption("-k")) {
                    String names = line.matchedOptionValue("-k", DEFAULT_KERNEL_EVENTS);
                    for (String name : Values.names(names)) {
                        session.enable(DomainName.KERNEL, PointType.TRACEPOINT, name);
                    }
                    hasKernel = true;
                }
                if (isDefault || line.hasMatchedOption("--syscall")) {
                    session.enable(DomainName.KERNEL, PointType.SYSCALL, "*");
                    hasKernel = true;
                }
            } catch (Failure failure) {
                boolean needsRoot = failure.is(LttngError.NEED_ROOT_SESSIOND);
                if (!isDefault) {
                    throw needsRoot
                            ? new Failure("Recording the kernel needs root: sudo contrail record …")
                            : failure.withStatus(ExitStatus.ERROR);
                }
                warnings.add(
                        "Recorded without the kernel: "
                                + (needsRoot ? "it needs root" : failure.getMessage()));
            }
            if (isDefault || line.hasMatchedOption("-u")) {
                for (String name : Values.names(line.matchedOptionValue("-u", "*"))) {
                    session.enable(DomainName.USERSPACE, PointType.TRACEPOINT, name);
                }
            }
            if (isDefault || line.hasMatchedOption("-j")) {
                session.enable(DomainName.JUL, PointType.LOGGER, "*");
                Optional<Path> image = AgentNeeds.imageWithout(found);
                hasAgent = image.isEmpty();
                hasLogging = true;
                image.ifPresent(path ->
                        warnings.add(
                                "Recorded without java.util.logging: %s has no module java.instrument"
                                        .formatted(path)));
            }
            return hasKernel;
        }

        /// The kernel follows a process by the number that it has outside of all namespaces, which
        /// nobody inside can know.
        private void checkNamespace() throws Failure {
            if (!line.hasMatchedOption("--system-wide") && !Programs.areNumberedAsByTheKernel()) {
                throw new Failure(
                        "in a container (a process id namespace) the kernel's events of one command"
                                + " cannot be told from others'; --system-wide records all");
            }
        }

        /// Starts the command behind a gate: a shell that waits on a pipe and then becomes the
        /// command, so that its process id is followed from its first instruction.
        private Process start(PrivateSession session, String[] command, Path gate)
                throws IOException {
            var words = new ArrayList<String>();
            words.addAll(
                    List.of("/bin/sh", "-c", "read -r _ <\"$0\" && exec \"$@\"", gate.toString()));
            words.addAll(List.of(command));
            var builder = new ProcessBuilder(words).inheritIO();
            session.addTo(builder.environment());
            if (hasAgent) {
                session.addAgentTo(builder.environment());
            }
            return builder.start();
        }

        private static void makePipe(Path gate) throws IOException, Failure {
            try {
                Process making =
                        new ProcessBuilder("mkfifo", "-m", "600", gate.toString())
                                .redirectErrorStream(true)
                                .start();
                String said =
                        new String(making.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (making.waitFor() != 0) {
                    throw new Failure("Cannot make the pipe %s: %s".formatted(gate, said.strip()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Failure("Interrupted");
            }
        }

        private void await(PrivateSession session, Process running) throws Failure {
            boolean isWatched =
                    line.hasMatchedOption("--progress")
                            && console.surroundings().isErrTerminal()
                            && !console.options().isQuiet();
            try (var live = new LiveLine(console.err())) {
                while (!running.waitFor(500, TimeUnit.MILLISECONDS)) {
                    if (isWatched) {
                        showProgress(session, live);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Failure("Interrupted");
            }
        }

        private void showProgress(PrivateSession session, LiveLine live) throws Failure {
            SessionView view = session.view();
            long recorded = 0;
            long lost = 0;
            for (AccountView account : view.accounts()) {
                recorded += account.recorded();
                lost += account.discarded();
            }
            live.show(
                    "%,d events, %,d KiB, %,d lost"
                            .formatted(recorded, bytes(session.output()) / 1024, lost));
        }

        private static long bytes(Path output) {
            if (!Files.isDirectory(output)) {
                return 0;
            }
            try (var files = Files.walk(output)) {
                return files.filter(Files::isRegularFile).mapToLong(RecordCommand::size).sum();
            } catch (IOException | java.io.UncheckedIOException e) {
                return 0; // A file went while we looked: the next look is as good.
            }
        }

        private Failure interrupted() {
            return new Failure(128 + signals.early(), "Interrupted");
        }

        /// Ends the recording and tells what became of it.
        ///
        /// @return whether all that was recorded is stored
        private boolean end(PrivateSession session, boolean hasKernel) throws Failure {
            List<AccountView> kept = List.of();
            String trace = session.output().toString();
            if (isSnapshot) {
                Reply.Recorded snapshot = session.snapshot();
                trace = snapshot.directory();
                kept = snapshot.accounts();
            }
            Reply.Stopped stopped = session.stop();
            warn();
            console.warn(stopped.warnings());
            List<AccountView> accounts = isSnapshot ? kept : session.view().accounts();
            List<String> reasons = words(hasKernel).reasons(session.seen(), accounts);
            boolean hasTrace = hasTrace(Path.of(trace));
            if (!hasTrace && output.isEmpty()) {
                empty = Optional.of(session.output());
            }
            console.note("Trace: " + (hasTrace ? trace : "none: nothing was recorded"));
            reasons.forEach(each -> console.note("  " + each));
            for (AccountView account : accounts) {
                String overwritten =
                        account.overwritten() == 0
                                ? ""
                                : "%,d overwritten, ".formatted(account.overwritten());
                console.note(
                        "  %s: %,d event%s recorded, %s%,d lost"
                                .formatted(
                                        account.domain().title(),
                                        account.recorded(),
                                        account.recorded() == 1 ? "" : "s",
                                        overwritten,
                                        account.discarded()));
                SessionText.stateDump(account).ifPresent(text -> console.note("    " + text));
                account.notes().forEach(note -> console.note("    " + note));
            }
            if (stopped.notStored() > 0) {
                console.error(
                        "%,d events could not be written below %s", stopped.notStored(), trace);
            }
            if (hasTrace) {
                console.note("Show it: contrail view " + TerminalText.word(trace));
            }
            return stopped.notStored() == 0;
        }

        /// The command has ended, and with it the recording: what it has started may go on.
        private void tellOf(List<ProcessHandle> running) {
            if (running.isEmpty()) {
                return;
            }
            String named =
                    running.stream()
                            .limit(MOST_NAMED)
                            .map(each ->
                                    each.info()
                                                    .command()
                                                    .map(path -> Path.of(path).getFileName() + " ")
                                                    .orElse("")
                                            + "("
                                            + each.pid()
                                            + ")")
                            .collect(Collectors.joining(", "));
            boolean isOne = running.size() == 1;
            console.note(
                    "%s that the command has started %s on and %s no longer recorded: %s%s"
                            .formatted(
                                    isOne ? "A process" : running.size() + " processes",
                                    isOne ? "goes" : "go",
                                    isOne ? "is" : "are",
                                    named,
                                    running.size() > MOST_NAMED ? ", …" : ""));
        }

        private FinalWords words(boolean hasKernel) {
            boolean hasNamed = line.hasMatchedOption("-u");
            return new FinalWords(
                    hasNamed ? Values.names(line.matchedOptionValue("-u", "")) : List.of(),
                    hasKernel,
                    line.hasMatchedOption("--system-wide"),
                    hasLogging,
                    hasAgent);
        }

        /// Says what helps a JVM that could not start with the agent: it ends with 1. What it has
        /// said was not for us to read.
        private void explain(PrivateSession session, int status) throws Failure {
            boolean isSilent =
                    session.view().accounts().stream()
                            .filter(account -> account.domain() != DomainName.KERNEL)
                            .allMatch(account -> account.recorded() == 0);
            if (hasAgent
                    && status == 1
                    && isSilent
                    && session.seen().programs() == 0
                    && AgentNeeds.mayStartAny(found)) {
                console.note(
                        "Where a JVM said that java.instrument is missing: record it with -u, which"
                                + " needs no agent.");
            }
        }

        private static boolean hasTrace(Path directory) {
            if (!Files.isDirectory(directory)) {
                return false;
            }
            try (var below = Files.walk(directory, TRACE_DEPTH)) {
                return below.anyMatch(each -> each.endsWith("metadata"));
            } catch (IOException | java.io.UncheckedIOException e) {
                return true; // It is there, and cannot be looked through.
            }
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
