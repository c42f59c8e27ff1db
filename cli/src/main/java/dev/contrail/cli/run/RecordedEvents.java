// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Values;
import dev.contrail.cli.rule.JfrOptions;
import dev.contrail.posix.PidNamespace;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.JfrName;
import dev.contrail.wire.LogbackName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import dev.contrail.wire.VirtualThreadName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.ParseResult;

/// What a run of `record` records: what its options say, or as much as can be.
final class RecordedEvents {
    private static final String DEFAULT_KERNEL_EVENTS =
            "sched_switch,sched_process_fork,sched_process_exec,sched_process_exit";

    /// How the names of events begin that JVMs have with an agent only.
    private static final List<String> OF_AGENT =
            List.of(LogbackName.PREFIX, JfrName.PREFIX, VirtualThreadName.PREFIX, "jvm:");

    private final ParseResult line;
    private final Optional<Path> image;
    private final Consumer<String> warning;
    private boolean hasKernel;
    private boolean hasLogging;
    private boolean hasAgent;

    /// @param image of Java without agents that is to be run, if it is one
    /// @param warning is told what is not recorded though nobody has said that it need not be
    RecordedEvents(ParseResult line, Optional<Path> image, Consumer<String> warning) {
        this.line = line;
        this.image = image;
        this.warning = warning;
    }

    /// Enables them.
    void enable(PrivateSession session) throws Failure {
        boolean isDefault =
                !line.hasMatchedOption("-k")
                        && !line.hasMatchedOption("--syscall")
                        && !line.hasMatchedOption("-u")
                        && !line.hasMatchedOption("-j")
                        && !line.hasMatchedOption("--log4j2");
        try {
            if (isDefault || line.hasMatchedOption("-k") || line.hasMatchedOption("--syscall")) {
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
            warning.accept(
                    "Recorded without the kernel: "
                            + (needsRoot ? "it needs root" : failure.getMessage()));
        }
        if (isDefault || line.hasMatchedOption("-u")) {
            for (String name : Values.names(line.matchedOptionValue("-u", "*"))) {
                session.enable(DomainName.USERSPACE, PointType.TRACEPOINT, name);
                if (OF_AGENT.stream().anyMatch(name::startsWith)) {
                    needAgent(name);
                }
            }
        }
        List<String> profile = JfrOptions.profile(line);
        if (!profile.isEmpty()) {
            session.enable(
                    DomainName.USERSPACE, PointType.TRACEPOINT, JfrName.PREFIX + "*", profile);
            hasAgent |= image.isEmpty();
        }
        if (isDefault || line.hasMatchedOption("-j")) {
            session.enable(DomainName.JUL, PointType.LOGGER, "*");
            hasLogging = true;
            needAgent("java.util.logging");
        }
        enableOtherLogs(session, isDefault);
    }

    /// The log of a service is one of these, or java.util.logging.
    private void enableOtherLogs(PrivateSession session, boolean isDefault) throws Failure {
        if (isDefault) {
            session.enable(DomainName.USERSPACE, PointType.TRACEPOINT, LogbackName.PREFIX + "*");
        }
        if (isDefault || line.hasMatchedOption("--log4j2")) {
            session.enable(DomainName.LOG4J2, PointType.LOGGER, "*");
            hasLogging = true;
            hasAgent |= image.isEmpty();
        }
    }

    /// @param what is not recorded without
    private void needAgent(String what) {
        hasAgent |= image.isEmpty();
        image.ifPresent(path ->
                warning.accept(
                        "Recorded without %s: %s has no module java.instrument"
                                .formatted(what, path)));
    }

    /// The kernel follows a process by the number that it has outside of all namespaces, which
    /// nobody inside can know.
    private void checkNamespace() throws Failure {
        if (!line.hasMatchedOption("--system-wide") && !PidNamespace.isFirst(true)) {
            throw new Failure(
                    "in a container (a process id namespace) the kernel's events of one command"
                            + " cannot be told from others'; --system-wide records all");
        }
    }

    /// Restricts kernel events to a process, its threads and what they start, unless all are
    /// wanted.
    void follow(PrivateSession session, long pid) throws Failure {
        if (hasKernel && !line.hasMatchedOption("--system-wide")) {
            session.follow(pid);
        }
    }

    /// Whether JVMs are to have the tracer as an agent.
    boolean hasAgent() {
        return hasAgent;
    }

    /// Whether programs announce what it selects: neither loggers nor events of JFR.
    private static boolean isTracepoint(String name) {
        return !name.startsWith(LogbackName.PREFIX) && !name.startsWith(JfrName.PREFIX);
    }

    /// What there may be to say at the end.
    FinalWords words() {
        boolean hasNamed = line.hasMatchedOption("-u");
        List<String> names = hasNamed ? Values.names(line.matchedOptionValue("-u", "")) : List.of();
        return new FinalWords(
                names.stream().filter(RecordedEvents::isTracepoint).toList(),
                hasKernel,
                line.hasMatchedOption("--system-wide"),
                hasLogging,
                hasAgent);
    }
}
