// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.EventRule;
import dev.contrail.wire.control.EventRule.LevelSelection;
import dev.contrail.wire.control.PointType;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `enable-event (-k | -u | -j) (-a | NAME,…)`.
final class EnableEventCommand implements Command {
    @Override
    public CommandSpec spec() {
        return DomainOption.addTo(CommandSpec.create(), true)
                .addOption(Usage.session())
                .addOption(Usage.value("CHANNEL", "Channel; default: channel0.", "-c", "--channel"))
                .addOption(Usage.flag("All events.", "-a", "--all"))
                .addOption(Usage.flag("Tracepoints (the default).", "--tracepoint"))
                .addOption(Usage.flag("System calls of the kernel.", "--syscall"))
                .addOption(Usage.value("NAMES", "Leave these out (-u).", "-x", "--exclude"))
                .addOption(Usage.value("LEVEL", "LEVEL and more severe.", "--loglevel"))
                .addOption(Usage.value("LEVEL", "LEVEL and no other.", "--loglevel-only"))
                .addPositional(
                        Usage.optionalArgument("NAME", "Names between commas; * is a wildcard."));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        DomainName domain = DomainOption.of(line);
        boolean isAll = line.hasMatchedOption("--all");
        String names = line.matchedPositionalValue(0, "");
        if (isAll == !names.isEmpty()) {
            throw new Failure(
                    1,
                    isAll ? "Event names and --all exclude each other." : "Missing event name(s).");
        }
        boolean isSyscall = line.hasMatchedOption("--syscall");
        if (isSyscall && domain != DomainName.KERNEL) {
            throw new Failure(1, "--syscall is for the kernel domain (-k).");
        }
        PointType type =
                domain == DomainName.JUL
                        ? PointType.LOGGER
                        : isSyscall ? PointType.SYSCALL : PointType.TRACEPOINT;
        List<String> exclusions =
                line.hasMatchedOption("-x")
                        ? Values.names(line.matchedOptionValue("-x", ""))
                        : List.of();
        if (!exclusions.isEmpty() && domain != DomainName.USERSPACE) {
            throw new Failure(
                    1,
                    "Event name exclusions are not supported in the " + domain.word() + " domain");
        }
        LevelSelection levels =
                line.hasMatchedOption("--loglevel")
                        ? LevelSelection.AT_LEAST
                        : line.hasMatchedOption("--loglevel-only")
                                ? LevelSelection.EXACTLY
                                : LevelSelection.ALL;
        String levelName =
                line.matchedOptionValue(
                        "--loglevel", line.matchedOptionValue("--loglevel-only", ""));
        if (levels != LevelSelection.ALL && domain == DomainName.KERNEL) {
            throw new Failure(1, "Log levels are not supported in the kernel domain");
        }
        int level = levels == LevelSelection.ALL ? 0 : LogLevels.parse(domain, levelName);
        String session =
                console.session(Arrays.asList(line.<String>matchedOptionValue("--session", null)));
        int status = 0;
        for (String name : isAll ? List.of("*") : Values.names(names)) {
            if (!exclusions.isEmpty() && !name.contains("*")) {
                throw new Failure(1, "Event name exclusions need a pattern with *: " + name);
            }
            var rule = new EventRule(type, name, exclusions, levels, level, true);
            try {
                Reply.Done done =
                        console.done(
                                new Request.EnableEvent(
                                        session,
                                        domain,
                                        line.matchedOptionValue("--channel", ""),
                                        rule));
                console.say("%s", success(domain, rule, isAll, line, levelName, done.value()));
            } catch (Failure failure) {
                status = failure.status();
                console.error(
                        "Event %s: %s (channel %s, session %s)",
                        name,
                        failure.getMessage(),
                        line.matchedOptionValue("--channel", "channel0"),
                        session);
            }
        }
        return status;
    }

    private static String success(
            DomainName domain,
            EventRule rule,
            boolean isAll,
            ParseResult line,
            String levelName,
            String channel) {
        String excluding =
                rule.exclusions().isEmpty()
                        ? ""
                        : rule.exclusions().stream()
                                .map(name -> "\"" + name + "\"")
                                .collect(Collectors.joining(", ", " excluding ", ""));
        if (isAll) {
            String what =
                    rule.type() == PointType.SYSCALL
                            ? "system calls"
                            : line.hasMatchedOption("--tracepoint") ? "tracepoints" : "events";
            String forLevel =
                    rule.levels() == LevelSelection.ALL ? "" : " for loglevel " + levelName;
            return "All %s %s%s are enabled in channel %s%s"
                    .formatted(domain.word(), what, excluding, channel, forLevel);
        }
        if (domain == DomainName.JUL) {
            return "jul event %s enabled".formatted(rule.pattern());
        }
        return "%s event %s%s created in channel %s"
                .formatted(domain.word(), rule.pattern(), excluding, channel);
    }
}
