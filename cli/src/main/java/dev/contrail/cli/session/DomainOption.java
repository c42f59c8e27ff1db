// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Values;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.JfrName;
import dev.contrail.wire.LogbackName;
import dev.contrail.wire.StateDumpName;
import dev.contrail.wire.VirtualThreadName;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `-k`, `-u`, `-j` and `--log4j2`.
final class DomainOption {
    private static final String LOG4J2 = "--log4j2";

    /// What patterns of user space alone begin with.
    private static final List<String> OURS =
            List.of(
                    JfrName.PREFIX,
                    LogbackName.PREFIX,
                    StateDumpName.PREFIX,
                    VirtualThreadName.PREFIX,
                    "jvm:");

    private DomainOption() {}

    static CommandSpec addTo(CommandSpec spec) {
        spec.addOption(Options.flag("The Linux kernel.", "-k", "--kernel"));
        spec.addOption(
                Options.flag(
                        "Typed tracepoints and Logback of JVM applications.", "-u", "--userspace"));
        spec.addOption(Options.flag("java.util.logging.", "-j", "--jul"));
        return spec.addOption(Options.flag("Log4j 2.", LOG4J2));
    }

    /// The shortest option that stands for it.
    static String letter(DomainName domain) {
        return switch (domain) {
            case KERNEL -> "-k";
            case USERSPACE -> "-u";
            case JUL -> "-j";
            case LOG4J2 -> LOG4J2;
        };
    }

    /// Those that are given.
    static List<DomainName> all(ParseResult line) {
        var given = new ArrayList<DomainName>();
        if (line.hasMatchedOption("-k")) {
            given.add(DomainName.KERNEL);
        }
        if (line.hasMatchedOption("-u")) {
            given.add(DomainName.USERSPACE);
        }
        if (line.hasMatchedOption("-j")) {
            given.add(DomainName.JUL);
        }
        if (line.hasMatchedOption(LOG4J2)) {
            given.add(DomainName.LOG4J2);
        }
        return given;
    }

    /// @throws Failure when none or several are given; LTTng has domains that we do not have yet
    static DomainName of(ParseResult line, Console console) throws Failure {
        boolean isLttng = console.entry() == EntryPoint.LTTNG;
        return only(line, console, isLttng ? "/--jul/--log4j/--python" : "/--jul/--log4j2");
    }

    /// That of event rules: user space where the line names nothing but what is there alone, which
    /// `lttng` does not have.
    static DomainName ofRules(ParseResult line, Console console) throws Failure {
        if (all(line).isEmpty() && console.entry() == EntryPoint.CONTRAIL) {
            List<String> names = Values.names(line.matchedPositionalValue(0, ""));
            boolean isOurs =
                    !names.isEmpty()
                            && names.stream()
                                    .allMatch(each -> OURS.stream().anyMatch(each::startsWith));
            if (isOurs || line.hasMatchedOption("--method")) {
                return DomainName.USERSPACE;
            }
        }
        return of(line, console);
    }

    /// That of channels, which as `lttng` has no option for log systems.
    ///
    /// @param command the word
    static DomainName ofChannels(ParseResult line, Console console, String command) throws Failure {
        if (console.entry() != EntryPoint.LTTNG) {
            return only(line, console, "/--jul/--log4j2");
        }
        if (all(line).stream().anyMatch(DomainName::hasLoggers)) {
            throw new Failure(ExitStatus.UNDEFINED, Options.unrecognized(command, ""));
        }
        return only(line, console, "");
    }

    /// The names of channels that the line has; a log system's own where it has none.
    static List<String> channels(ParseResult line, DomainName domain) {
        return domain.hasLoggers() && !line.hasMatchedPositional(0)
                ? List.of(domain.logChannel())
                : Values.names(line.matchedPositionalValue(0, ""));
    }

    private static DomainName only(ParseResult line, Console console, String loggers)
            throws Failure {
        List<DomainName> given = all(line);
        if (given.isEmpty()) {
            throw new Failure(
                    "Please specify a domain (--kernel/--userspace%s).".formatted(loggers));
        }
        if (given.size() > 1) {
            throw console.wrong(
                    "Only one domain must be specified.",
                    loggers.isEmpty()
                            ? "use either -k or -u"
                            : "use either -k, -u, -j or --log4j2");
        }
        return given.getFirst();
    }
}
