// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.wire.DomainName;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `-k`, `-u`, `-j` and `--log4j2`.
final class DomainOption {
    private static final String LOG4J2 = "--log4j2";

    private DomainOption() {}

    static CommandSpec addTo(CommandSpec spec, boolean hasLoggers) {
        spec.addOption(Options.flag("The Linux kernel.", "-k", "--kernel"));
        spec.addOption(
                Options.flag(
                        "Typed tracepoints and Logback of JVM applications.", "-u", "--userspace"));
        if (hasLoggers) {
            spec.addOption(Options.flag("java.util.logging.", "-j", "--jul"));
            spec.addOption(Options.flag("Log4j 2.", LOG4J2));
        }
        return spec;
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
        if (hasLoggers(line)) {
            if (line.hasMatchedOption("-j")) {
                given.add(DomainName.JUL);
            }
            if (line.hasMatchedOption(LOG4J2)) {
                given.add(DomainName.LOG4J2);
            }
        }
        return given;
    }

    private static boolean hasLoggers(ParseResult line) {
        return line.commandSpec().findOption(LOG4J2) != null;
    }

    /// @throws Failure when none or several are given; LTTng has domains that we do not have yet
    static DomainName of(ParseResult line, Console console) throws Failure {
        List<DomainName> given = all(line);
        boolean hasLoggers = hasLoggers(line);
        if (given.isEmpty()) {
            String others = console.entry() == EntryPoint.LTTNG ? "/--log4j/--python" : "";
            throw new Failure(
                    "Please specify a domain (--kernel/--userspace%s)."
                            .formatted(hasLoggers ? "/--jul" + others : ""));
        }
        if (given.size() > 1) {
            throw console.wrong(
                    "Only one domain must be specified.",
                    hasLoggers ? "use either -k, -u, -j or --log4j2" : "use either -k or -u");
        }
        return given.getFirst();
    }
}
