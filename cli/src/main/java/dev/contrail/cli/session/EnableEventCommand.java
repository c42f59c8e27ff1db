// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.EntryPoint;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Values;
import dev.contrail.cli.rule.JfrOptions;
import dev.contrail.cli.rule.LogLevels;
import dev.contrail.cli.rule.MethodOption;
import dev.contrail.cli.rule.RuleAdvice;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.EventRule.LevelSelection;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.JfrName;
import dev.contrail.wire.LogbackName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `enable-event (-k | -u | -j | --log4j2) (-a | NAME,…)`.
public final class EnableEventCommand implements Command {
    private static final String JFR = JfrName.PREFIX + "*";

    @Override
    public CommandSpec spec() {
        return JfrOptions.addTo(DomainOption.addTo(CommandSpec.create()))
                .addOption(Options.session())
                .addOption(
                        Options.value("CHANNEL", "Channel; default: channel0.", "-c", "--channel"))
                .addOption(Options.flag("All events.", "-a", "--all"))
                .addOption(Options.flag("Tracepoints (the default).", "--tracepoint"))
                .addOption(Options.flag("System calls of the kernel.", "--syscall"))
                .addOption(
                        Options.value(
                                "PATTERNS",
                                "Calls of methods of running programs (-u): CLASS.METHOD(ARGS),"
                                        + " separated by commas; * is a wildcard, (*) or none are"
                                        + " any arguments; PACKAGE.*.* are those of all classes of a"
                                        + " package, but constructors, which are <init>.",
                                "--method"))
                .addOption(
                        Options.values(
                                "PATH",
                                "Record this argument (--method): its number from 0, its name, or"
                                        + " this, and then fields, as order.customer.id. At most 4 of"
                                        + " primitive types and 4 others.",
                                "--arg"))
                .addOption(Options.flag("Record the returned value (--method).", "--return"))
                .addOption(Options.value("NAMES", "Leave these out (-u).", "-x", "--exclude"))
                .addOption(
                        Options.value(
                                "EXPRESSION",
                                "Only events for which it is true, such as 'cents > 100 && currency"
                                        + " == \"EU*\"' (not -k). 'contrail help filter' explains it.",
                                "-f",
                                "--filter"))
                .addOption(
                        Options.value(
                                "LEVEL",
                                "LEVEL and more severe. %s. %s. %s."
                                        .formatted(
                                                levels("-u", DomainName.USERSPACE),
                                                levels("-j", DomainName.JUL),
                                                levels("--log4j2", DomainName.LOG4J2)),
                                "--loglevel"))
                .addOption(Options.value("LEVEL", "LEVEL and no other.", "--loglevel-only"))
                .addPositional(
                        Options.optionalArgument(
                                "NAME",
                                "Names, separated by commas; * is a wildcard. Loggers of Logback are"
                                        + " logback:LOGGER, events of JFR jfr:NAME (-u), neither of which a"
                                        + " bare * means."));
    }

    /// @param rules their patterns: those of Logback can have its levels
    private static int level(DomainName domain, String name, List<String> rules, Console console)
            throws Failure {
        boolean isLogback =
                domain == DomainName.USERSPACE
                        && !rules.isEmpty()
                        && rules.stream().allMatch(each -> LogbackName.loggers(each).isPresent());
        if (isLogback && LogbackName.levelNamed(name).isPresent()) {
            return LogbackName.levelNamed(name).get();
        }
        try {
            return LogLevels.parse(domain, name);
        } catch (Failure failure) {
            List<String> names = isLogback ? LogbackName.levels() : LogLevels.names(domain);
            String known = String.join(", ", names);
            throw failure.withMessage(
                    console.wrong(failure.getMessage(), "want one of " + known).getMessage());
        }
    }

    private static String levels(String option, DomainName domain) {
        String names = String.join(", ", LogLevels.names(domain));
        return "With %s: %s".formatted(option, names)
                + (domain == DomainName.USERSPACE
                        ? "; of logback:LOGGER " + String.join(", ", LogbackName.levels())
                        : "");
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        DomainName domain = DomainOption.ofRules(line, console);
        boolean isAll = line.hasMatchedOption("--all");
        boolean isMethod = line.hasMatchedOption("--method");
        List<String> names = MethodOption.names(line, domain, console);
        if (names.isEmpty() && !isAll && line.hasMatchedOption("--jfr")) {
            names = List.of(JFR);
        }
        if (isAll == !names.isEmpty()) {
            throw isAll
                    ? new Failure("Event names and --all exclude each other.")
                    : console.wrong(
                            "Missing event name(s).",
                            "want NAME[,NAME...] or --all; contrail list "
                                    + DomainOption.letter(domain)
                                    + " shows what there is");
        }
        boolean isSyscall = line.hasMatchedOption("--syscall");
        if (isSyscall && line.hasMatchedOption("--tracepoint")) {
            throw console.wrong(
                    "Multiple event type not supported.", "use either --tracepoint or --syscall");
        }
        if (isSyscall && domain != DomainName.KERNEL) {
            throw new Failure(
                    ExitStatus.UNSUPPORTED,
                    domain.hasLoggers()
                            ? "Event type not supported for domain."
                            : "Event type not available for user-space tracing");
        }
        PointType type =
                domain.hasLoggers()
                        ? PointType.LOGGER
                        : isMethod
                                ? PointType.METHOD
                                : isSyscall ? PointType.SYSCALL : PointType.TRACEPOINT;
        String filter =
                isMethod
                        ? MethodOption.filter(line, console)
                        : line.matchedOptionValue("--filter", "");
        List<String> exclusions = Values.names(line.matchedOptionValue("-x", ""));
        if (line.hasMatchedOption("-x") && exclusions.isEmpty()) {
            exclusions = List.of(""); // As lttng takes it.
        }
        if (!exclusions.isEmpty() && domain != DomainName.USERSPACE) {
            throw new Failure(
                    "Event name exclusions are not yet implemented for %s events"
                            .formatted(domain.word()));
        }
        if (line.hasMatchedOption("--filter") && domain == DomainName.KERNEL) {
            throw new Failure(
                    "Filters of kernel events are not implemented yet; view and convert have"
                            + " --filter");
        }
        LevelSelection levels = levels(line, domain, console);
        String levelName =
                line.matchedOptionValue(
                        "--loglevel", line.matchedOptionValue("--loglevel-only", ""));
        int level = levels == LevelSelection.ALL ? 0 : level(domain, levelName, names, console);
        List<String> settings =
                isMethod
                        ? MethodOption.settings(line)
                        : JfrOptions.of(line, domain, isAll ? List.of("*") : names, console);
        String session =
                console.session(Arrays.asList(line.<String>matchedOptionValue("--session", null)));
        int status = 0;
        List<Warning> ofMethods = List.of();
        for (String name : isAll ? List.of("*") : names) {
            var rule = new EventRule(type, name, exclusions, levels, level, filter, settings, true);
            try {
                if (filter.isEmpty() && line.hasMatchedOption("--filter")) {
                    throw new Failure(LttngError.INVALID, LttngError.INVALID.text());
                }
                if (!isAll) {
                    checkExclusions(name, exclusions, console);
                }
                var enabled =
                        (Reply.RuleEnabled)
                                console.ask(
                                        new Request.EnableEvent(
                                                session,
                                                domain,
                                                line.matchedOptionValue("--channel", ""),
                                                rule));
                if (isMethod) {
                    ofMethods = enabled.warnings(); // of all rules so far
                } else {
                    console.warn(enabled.warnings());
                }
                String channel =
                        domain.hasLoggers() && console.entry() == EntryPoint.LTTNG
                                ? line.matchedOptionValue("--channel", "channel0") // as it says
                                : enabled.channel();
                console.say("%s", success(domain, rule, isAll, line, levelName, channel));
                if (console.entry() == EntryPoint.CONTRAIL) {
                    RuleAdvice.of(domain, type, name, filter)
                            .forEach(each -> console.warn("%s", each));
                }
            } catch (ExclusionFailure failure) {
                status = failure.status();
                console.error("Event %s: %s", name, failure.getMessage());
            } catch (Failure failure) {
                boolean hasFilter = line.hasMatchedOption("--filter") || !filter.isEmpty();
                status = isAll && !hasFilter ? ExitStatus.ERROR.number() : failure.status();
                String all = hasFilter ? "All events" : "Events";
                console.error(
                        failure,
                        "%s: %s (channel %s, session %s%s)",
                        isAll ? all : "Event " + name + excluding(rule),
                        failure.getMessage() + meant(domain, rule, failure, console),
                        channelName(line, failure),
                        session,
                        hasFilter ? ", filter '%s'".formatted(filter) : "");
            }
        }
        console.warn(ofMethods);
        String asked = line.matchedOptionValue("--channel", "");
        if (domain.hasLoggers()
                && status == 0
                && console.entry() == EntryPoint.CONTRAIL
                && !List.of("", domain.logChannel()).contains(asked)) {
            console.warn(
                    "%s events are recorded in channel %s, not in %s; enable-channel %s, before the"
                            + " first rule, says how large it is",
                    domain.word(), domain.logChannel(), asked, DomainOption.letter(domain));
        }
        return status;
    }

    /// Which kernel event was probably meant by one that the kernel does not have.
    private static String meant(DomainName domain, EventRule rule, Failure failure, Console console)
            throws IOException, Failure {
        if (domain != DomainName.KERNEL
                || !failure.is(LttngError.KERN_ENABLE_FAIL)
                || console.entry() != EntryPoint.CONTRAIL) {
            return "";
        }
        var known = (Reply.Points) console.ask(new Request.ListPoints(domain, rule.type(), false));
        return Suggestion.words(
                rule.pattern(), known.points().stream().map(InstrumentationPoint::name).toList());
    }

    /// What a refusal calls the channel.
    static String channelName(ParseResult line, Failure failure) {
        return line.matchedOptionValue(
                "--channel", failure.is(LttngError.NEED_CHANNEL_NAME) ? "<default>" : "channel0");
    }

    private static LevelSelection levels(ParseResult line, DomainName domain, Console console) {
        boolean isRange = line.hasMatchedOption("--loglevel");
        if (!isRange && !line.hasMatchedOption("--loglevel-only")) {
            return LevelSelection.ALL;
        }
        if (domain == DomainName.KERNEL) {
            console.warn("Kernel loglevels are not supported.");
            return LevelSelection.ALL;
        }
        return isRange ? LevelSelection.AT_LEAST : LevelSelection.EXACTLY;
    }

    /// Compares as lttng 2.13 does: letter by letter up to the first star of either.
    private static void checkExclusions(String name, List<String> exclusions, Console console)
            throws Failure {
        if (!exclusions.isEmpty() && !name.contains("*")) {
            throw new ExclusionFailure("Exclusions can only be used with a globbing pattern");
        }
        for (String exclusion : exclusions) {
            int at = 0;
            while (at < name.length()
                    && at < exclusion.length()
                    && name.charAt(at) == exclusion.charAt(at)
                    && name.charAt(at) != '*') {
                at++;
            }
            if (at < exclusion.length() && exclusion.charAt(at) == '*') {
                throw new ExclusionFailure(
                        "%s excludes all events from %s".formatted(exclusion, name));
            }
            if (at == name.length() || name.charAt(at) != '*') {
                console.warn(
                        "Event %s: %s does not exclude any events from %s", name, exclusion, name);
            }
        }
    }

    /// Exclusions that make no sense, which are refused without asking the daemon.
    private static final class ExclusionFailure extends Failure {
        private static final long serialVersionUID = 1;

        ExclusionFailure(String message) {
            super(message);
        }
    }

    private static String excluding(EventRule rule) {
        return rule.exclusions().isEmpty()
                ? ""
                : rule.exclusions().stream()
                        .map(name -> "\"" + name + "\"")
                        .collect(Collectors.joining(", ", " excluding ", ""));
    }

    private static String success(
            DomainName domain,
            EventRule rule,
            boolean isAll,
            ParseResult line,
            String levelName,
            String channel) {
        String excluding = excluding(rule);
        if (!rule.filter().isEmpty()) {
            String set = "Filter '%s' successfully set".formatted(rule.filter());
            return isAll ? set : "Event %s%s: %s".formatted(rule.pattern(), excluding, set);
        }
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
        if (domain.hasLoggers()) {
            return "%s event %s enabled".formatted(domain.word(), rule.pattern());
        }
        return "%s event %s%s created in channel %s"
                .formatted(domain.word(), rule.pattern(), excluding, channel);
    }
}
