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

/// `-k`, `-u` and `-j`.
final class DomainOption {
    private DomainOption() {}

    static CommandSpec addTo(CommandSpec spec, boolean hasLoggers) {
        spec.addOption(Options.flag("The Linux kernel.", "-k", "--kernel"));
        spec.addOption(Options.flag("Typed tracepoints of JVM applications.", "-u", "--userspace"));
        if (hasLoggers) {
            spec.addOption(Options.flag("java.util.logging.", "-j", "--jul"));
        }
        return spec;
    }

    /// The short option that stands for it.
    static String letter(DomainName domain) {
        return switch (domain) {
            case KERNEL -> "-k";
            case USERSPACE -> "-u";
            case JUL -> "-j";
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
        if (line.commandSpec().findOption("-j") != null && line.hasMatchedOption("-j")) {
            given.add(DomainName.JUL);
        }
        return given;
    }

    /// @throws Failure when none or several are given; LTTng has domains that we do not have yet
    static DomainName of(ParseResult line, Console console) throws Failure {
        List<DomainName> given = all(line);
        boolean hasLoggers = line.commandSpec().findOption("-j") != null;
        if (given.isEmpty()) {
            String others = console.entry() == EntryPoint.LTTNG ? "/--log4j/--python" : "";
            throw new Failure(
                    "Please specify a domain (--kernel/--userspace%s)."
                            .formatted(hasLoggers ? "/--jul" + others : ""));
        }
        if (given.size() > 1) {
            throw console.wrong(
                    "Only one domain must be specified.",
                    hasLoggers ? "use either -k, -u or -j" : "use either -k or -u");
        }
        return given.getFirst();
    }
}
