// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.rule.LogLevels;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.EventRule.LevelSelection;
import dev.contrail.wire.LogbackName;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.AccountView;
import dev.contrail.wire.control.SessionView.ChannelView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A session as `list SESSION` and `status` print it, in the layout of lttng 2.13 (`lttng-cli.md`
/// section 7).
public final class SessionText {
    private static final String RULE = "-------------";

    private SessionText() {}

    /// What went wrong while recording, in one line.
    public static String problems(SessionView session) {
        return session.problems().stream().map(Warning::text).collect(Collectors.joining("; "));
    }

    /// `[active]`, `[inactive snapshot]`, …
    static String state(SessionView session) {
        return "[%s%s]"
                .formatted(
                        session.isActive() ? "active" : "inactive",
                        session.mode() == SessionMode.SNAPSHOT ? " snapshot" : "");
    }

    /// The heading lines.
    static List<String> heading(SessionView session) {
        var lines = new ArrayList<String>();
        lines.add("Recording session %s: %s".formatted(session.name(), state(session)));
        if (session.mode() == SessionMode.DISK) {
            lines.add("    Trace output: " + session.output());
            lines.add("");
        }
        return lines;
    }

    /// The lines of `list -d SESSION`.
    static List<String> domains(SessionView session) {
        var lines = new ArrayList<>(heading(session));
        lines.add("Domains:");
        lines.add(RULE);
        if (session.domains().isEmpty()) {
            lines.add("  None");
        }
        domainsOf(session).forEach(domain -> lines.add("  - " + domain.listed()));
        return lines;
    }

    /// Where there is logging there is user space: its channel belongs to it.
    private static Set<DomainName> domainsOf(SessionView session) {
        var domains = EnumSet.noneOf(DomainName.class);
        domains.addAll(session.domains());
        if (domains.stream().anyMatch(DomainName::hasLoggers)) {
            domains.add(DomainName.USERSPACE);
        }
        return domains;
    }

    /// The lines of `list SESSION`.
    ///
    /// @param channel the only channel to show, or empty for all
    static List<String> whole(SessionView session, String channel) {
        var lines = new ArrayList<>(heading(session));
        for (DomainName domain : domainsOf(session)) {
            lines.add("=== Domain: " + domain.title() + " ===");
            lines.add("");
            if (domain.hasLoggers()) {
                logging(session, domain, lines);
            } else {
                channels(session, domain, channel, lines);
            }
        }
        return lines;
    }

    /// How far back the buffers reach and what was lost, a line for each domain.
    public static List<String> accounts(List<AccountView> accounts) {
        return accounts(accounts, "no history in memory");
    }

    /// The same of a session, whose history may be on the disk.
    static List<String> accounts(SessionView session) {
        return accounts(
                session.accounts(),
                session.mode() == SessionMode.DISK
                        ? "history is in the output"
                        : "no history in memory");
    }

    private static List<String> accounts(List<AccountView> accounts, String none) {
        var lines = new ArrayList<String>();
        for (AccountView account : accounts) {
            String history =
                    account.historyNanos() == 0
                            ? none
                            : "%.1f s of history in memory".formatted(account.historyNanos() / 1e9);
            lines.add(
                    "%s: %s; %,d recorded, %,d overwritten, %,d discarded"
                            .formatted(
                                    account.domain().title(),
                                    history,
                                    account.recorded(),
                                    account.overwritten(),
                                    account.discarded()));
            stateDump(account).ifPresent(line -> lines.add("  " + line));
            account.notes().forEach(note -> lines.add("  " + note));
        }
        return lines;
    }

    /// What is in the trace beside the records of the account, if anything is.
    public static Optional<String> stateDump(AccountView account) {
        return account.stateDump() == 0
                ? Optional.empty()
                : Optional.of("and %,d of the state dump".formatted(account.stateDump()));
    }

    private static void channels(
            SessionView session, DomainName domain, String only, List<String> lines) {
        if (domain == DomainName.USERSPACE) {
            lines.add("Buffering scheme: per-user");
            lines.add("");
        }
        lines.add("Tracked process attributes");
        if (domain == DomainName.KERNEL) {
            lines.add("  Process IDs:          all");
        }
        lines.add("  Virtual process IDs:  all");
        if (domain == DomainName.KERNEL) {
            lines.add("  User IDs:             all");
        }
        lines.add("  Virtual user IDs:     all");
        if (domain == DomainName.KERNEL) {
            lines.add("  Group IDs:            all");
        }
        lines.add("  Virtual group IDs:    all");
        lines.add("");
        lines.add("Channels:");
        lines.add(RULE);
        for (ChannelView channel : session.channels()) {
            // The channel of logging is one of user space, as everywhere in LTTng.
            boolean isOfDomain =
                    channel.domain() == domain
                            || channel.domain().hasLoggers() && domain == DomainName.USERSPACE;
            if (isOfDomain && (only.isEmpty() || only.equals(channel.name()))) {
                channel(session, channel, lines);
            }
        }
    }

    private static void channel(SessionView session, ChannelView channel, List<String> lines) {
        ChannelAttributes attributes = channel.attributes();
        lines.add(
                "- %s: [%s]"
                        .formatted(channel.name(), channel.isEnabled() ? "enabled" : "disabled"));
        lines.add("");
        lines.add("    Attributes:");
        boolean isOverwrite = attributes.lossMode() == LossMode.OVERWRITE;
        attribute(lines, "Event-loss mode:", isOverwrite ? "overwrite" : "discard");
        attribute(lines, "Sub-buffer size:", attributes.subBufferBytes() + " bytes");
        attribute(lines, "Sub-buffer count:", Integer.toString(attributes.subBufferCount()));
        attribute(lines, "Switch timer:", timer(attributes.switchTimerMicros()));
        attribute(lines, "Read timer:", timer(attributes.readTimerMicros()));
        attribute(lines, "Monitor timer:", timer(attributes.monitorTimerMicros()));
        if (channel.domain() != DomainName.KERNEL && !isOverwrite) {
            attribute(lines, "Blocking timeout:", "0 us");
        }
        int files = attributes.traceFileCount();
        attribute(lines, "Trace file count:", (files == 0 ? 1 : files) + " per stream");
        attribute(
                lines,
                "Trace file size:",
                attributes.traceFileBytes() == 0
                        ? "unlimited"
                        : attributes.traceFileBytes() + " bytes");
        attribute(lines, "Output mode:", attributes.output());
        lines.add("");
        lines.add("    Statistics:");
        if (session.mode() == SessionMode.SNAPSHOT) {
            lines.add("      None");
        } else if (isOverwrite) {
            attribute(lines, "Overwritten events:", Long.toString(channel.overwritten()));
        } else {
            attribute(lines, "Discarded events:", Long.toString(channel.discarded()));
        }
        lines.add("");
        lines.add("    Recording event rules:");
        // The rules of logging are listed in their own domain.
        boolean isLogging = channel.domain().hasLoggers();
        if (channel.rules().isEmpty() || isLogging) {
            lines.add("      None");
        }
        for (EventRule rule : isLogging ? List.<EventRule>of() : channel.rules()) {
            lines.add("      " + rule(channel.domain(), rule));
        }
        lines.add("");
    }

    /// Of Logback what it calls the level.
    private static String level(DomainName domain, EventRule rule) {
        boolean isLogback = LogbackName.loggers(rule.pattern()).isPresent();
        return (isLogback ? LogbackName.levelName(rule.level()) : Optional.<String>empty())
                .map(each -> "%s (%d)".formatted(each, rule.level()))
                .orElseGet(() -> LogLevels.show(domain, rule.level()));
    }

    private static String rule(DomainName domain, EventRule rule) {
        String level =
                rule.levels() == LevelSelection.ALL
                        ? ""
                        : " (loglevel %s %s)"
                                .formatted(
                                        rule.levels() == LevelSelection.AT_LEAST ? "<=" : "==",
                                        level(domain, rule));
        String type =
                switch (rule.type()) {
                    case SYSCALL -> "syscall";
                    case METHOD -> "method";
                    case TRACEPOINT, LOGGER -> "tracepoint";
                };
        String exclusions =
                rule.exclusions().isEmpty()
                        ? ""
                        : " [exclusions: %s]".formatted(String.join(",", rule.exclusions()));
        String settings =
                rule.settings().isEmpty()
                        ? ""
                        : " [settings: %s]".formatted(String.join(" ", rule.settings()));
        return "%s%s (type: %s) [%s]%s%s%s"
                .formatted(
                        rule.pattern(),
                        level,
                        type,
                        rule.isEnabled() ? "enabled" : "disabled",
                        exclusions,
                        settings,
                        shown(rule.filter()));
    }

    private static void logging(SessionView session, DomainName domain, List<String> lines) {
        lines.add("Events (Logger name):");
        lines.add("---------------------");
        for (ChannelView channel : session.channels()) {
            if (channel.domain() == domain) {
                channel.rules().forEach(rule -> lines.add("    - " + loggerRule(domain, rule)));
            }
        }
        lines.add("");
    }

    private static String loggerRule(DomainName domain, EventRule rule) {
        boolean isExact = rule.levels() == LevelSelection.EXACTLY;
        String level =
                rule.levels() == LevelSelection.ALL
                        ? ""
                        : " (loglevel %s %s)"
                                .formatted(
                                        isExact ? "==" : "<=",
                                        LogLevels.show(domain, rule.level()));
        return "%s [%s]%s%s"
                .formatted(
                        rule.pattern(),
                        rule.isEnabled() ? "enabled" : "disabled",
                        level,
                        loggerFilter(domain, rule, isExact));
    }

    /// LTTng turns a logger's rule into a filter on its own event, and shows it.
    private static String loggerFilter(DomainName domain, EventRule rule, boolean isExact) {
        String filter = rule.filter();
        if (!rule.pattern().equals("*")) {
            filter = and(filter, "logger_name == \"%s\"".formatted(rule.pattern()));
        }
        if (rule.levels() != LevelSelection.ALL) {
            String range = domain == DomainName.LOG4J2 ? "<=" : ">="; // which is the more severe
            String operator = isExact ? "==" : range;
            filter = and(filter, "int_loglevel %s %d".formatted(operator, rule.level()));
        }
        return shown(filter);
    }

    private static String and(String filter, String other) {
        return filter.isEmpty() ? other : "(%s) && (%s)".formatted(filter, other);
    }

    private static String shown(String filter) {
        return filter.isEmpty() ? "" : " [filter: '%s']".formatted(filter);
    }

    private static void attribute(List<String> lines, String label, String value) {
        lines.add("      %-18s%s".formatted(label, value));
    }

    private static String timer(long micros) {
        return micros == 0 ? "inactive" : micros + " us";
    }
}
