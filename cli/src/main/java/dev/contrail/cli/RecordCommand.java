// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.kernel.SystemCalls;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.PointType;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.AccountView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `record [OPTIONS] -- COMMAND…`: records one command with a session of its own.
final class RecordCommand implements Command {
    private static final String DEFAULT_KERNEL_EVENTS =
            "sched_switch,sched_process_fork,sched_process_exec,sched_process_exit";
    private static final int SIGINT = 2;
    private static final long PATIENCE_SECONDS = 10;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        // The first word that is no option begins the command, whose options are its own.
        spec.parser().stopAtPositional(true);
        return spec.addOption(Usage.value("NAMES", "Kernel events.", "-k", "--kernel"))
                .addOption(Usage.flag("System calls.", "--syscall"))
                .addOption(
                        Usage.value(
                                "PATTERNS", "Typed tracepoints of its JVMs.", "-u", "--userspace"))
                .addOption(Usage.flag("java.util.logging of its JVMs.", "-j", "--jul"))
                .addOption(Usage.flag("Keep in memory, write at the end.", "--snapshot"))
                .addOption(Usage.flag("Kernel events of all processes.", "--system-wide"))
                .addOption(Usage.value("DIR", "Write the trace to DIR.", "-o", "--output"))
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("0..*")
                                .arity("0..*")
                                .type(String[].class)
                                .paramLabel("COMMAND")
                                .description("The command to run, behind --.")
                                .build());
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        String[] command = line.matchedPositionalValue(0, new String[0]);
        if (command.length == 0) {
            throw new Failure(1, "Missing the command to run: contrail record -- COMMAND…");
        }
        boolean isSnapshot = line.hasMatchedOption("--snapshot");
        String program = Path.of(command[0]).getFileName().toString();
        Path output = output(line, console, program);
        PrivateSession session =
                PrivateSession.open(
                        console,
                        isSnapshot ? Request.Mode.SNAPSHOT : Request.Mode.DISK,
                        program,
                        output);
        return new Run(session, console, isSnapshot).run(line, command);
    }

    private static Path output(ParseResult line, Console console, String program) {
        String given = line.matchedOptionValue("--output", "");
        if (!given.isEmpty()) {
            return Path.of(given).toAbsolutePath().normalize();
        }
        String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        return console.places().home().resolve("lttng-traces").resolve(program + "-" + time);
    }

    /// One command's run. Either the waiting thread or, at Ctrl-C, the shutdown hook ends it.
    private static final class Run {
        private final PrivateSession session;
        private final Console console;
        private final boolean isSnapshot;
        private boolean isEnded;

        Run(PrivateSession session, Console console, boolean isSnapshot) {
            this.session = session;
            this.console = console;
            this.isSnapshot = isSnapshot;
        }

        int run(ParseResult line, String[] command) throws IOException, Failure {
            Process process;
            Path gate = session.file("gate");
            try {
                boolean hasKernel = enable(line);
                process = start(command, gate);
                if (hasKernel && !line.hasMatchedOption("--system-wide")) {
                    session.follow(process.pid());
                }
                session.start();
            } catch (IOException | Failure e) {
                session.close();
                throw e;
            }
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> interrupted(process), "contrail-interrupt"));
            Files.writeString(gate, "go\n");
            return await(process);
        }

        /// @return whether kernel events are recorded
        private boolean enable(ParseResult line) throws Failure {
            boolean isDefault =
                    !line.hasMatchedOption("-k")
                            && !line.hasMatchedOption("--syscall")
                            && !line.hasMatchedOption("-u")
                            && !line.hasMatchedOption("-j");
            boolean hasKernel = false;
            try {
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
                if (!isDefault) {
                    throw failure;
                }
                console.warn("Recording without the kernel: %s", failure.getMessage());
            }
            if (isDefault || line.hasMatchedOption("-u")) {
                for (String name : Values.names(line.matchedOptionValue("-u", "*"))) {
                    session.enable(DomainName.USERSPACE, PointType.TRACEPOINT, name);
                }
            }
            if (isDefault || line.hasMatchedOption("-j")) {
                session.enable(DomainName.JUL, PointType.LOGGER, "*");
            }
            return hasKernel;
        }

        /// Starts the command behind a gate: a shell that waits on a pipe and then becomes the
        /// command, so that its process id is followed from its first instruction.
        private Process start(String[] command, Path gate) throws IOException, Failure {
            try {
                if (new ProcessBuilder("mkfifo", "-m", "600", gate.toString()).start().waitFor()
                        != 0) {
                    throw new Failure(1, "Cannot make the pipe " + gate);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Failure(1, "Interrupted");
            }
            var words = new ArrayList<String>();
            words.addAll(
                    List.of("/bin/sh", "-c", "read -r _ <\"$0\" && exec \"$@\"", gate.toString()));
            words.addAll(List.of(command));
            var builder = new ProcessBuilder(words).inheritIO();
            session.addTo(builder.environment());
            return builder.start();
        }

        private int await(Process process) throws IOException, Failure {
            boolean isWatched = SystemCalls.isatty(2) && !console.options().isQuiet();
            try {
                while (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
                    if (isWatched) {
                        showProgress();
                    }
                }
                if (isWatched) {
                    console.err().print("\r\033[K");
                    console.err().flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            end();
            return process.exitValue();
        }

        private void showProgress() throws Failure {
            SessionView view = session.view();
            long recorded = 0;
            long lost = 0;
            for (AccountView account : view.accounts()) {
                recorded += account.recorded();
                lost += account.discarded();
            }
            console.err()
                    .print(
                            "\r\033[K%,d events, %,d KiB, %,d lost"
                                    .formatted(recorded, bytes() / 1024, lost));
            console.err().flush();
        }

        private long bytes() {
            if (!Files.isDirectory(session.output())) {
                return 0;
            }
            try (var files = Files.walk(session.output())) {
                return files.filter(Files::isRegularFile).mapToLong(RecordCommand::size).sum();
            } catch (IOException | java.io.UncheckedIOException e) {
                return 0; // A file went while we looked: the next look is as good.
            }
        }

        private void interrupted(Process process) {
            try {
                if (process.isAlive()) {
                    SystemCalls.kill((int) process.pid(), SIGINT);
                }
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
                end();
                console.out().flush();
                console.err().flush();
                Runtime.getRuntime().halt(process.exitValue());
            } catch (IOException | Failure e) {
                console.error("%s", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /// Ends the recording and tells what became of it; once.
        private synchronized void end() throws IOException, Failure {
            if (isEnded) {
                return;
            }
            isEnded = true;
            try (session) {
                String trace = session.output().toString();
                if (isSnapshot) {
                    trace = session.snapshot().directory();
                }
                session.stop().forEach(warning -> console.warn("%s", warning));
                List<AccountView> accounts = session.view().accounts();
                say("Trace: " + trace);
                for (AccountView account : accounts) {
                    say(
                            "  %s: %,d events recorded, %,d lost"
                                    .formatted(
                                            account.domain().title(),
                                            account.recorded(),
                                            account.discarded()));
                    account.notes().forEach(note -> say("    " + note));
                }
                say("Show it: contrail view " + trace);
            }
        }

        /// To standard error: standard output is the command's.
        private void say(String text) {
            if (!console.options().isQuiet()) {
                console.err().println(text);
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
