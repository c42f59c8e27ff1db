// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.TerminalText;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.ChannelView;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/// The head of a session as `contrail status` prints it: what fits a screen with the accounts.
final class StatusText {
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssZ");
    private static final DateTimeFormatter SHOWN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private StatusText() {}

    /// @param now to tell its age
    static List<String> of(SessionView session, Instant now) {
        var lines = new ArrayList<String>();
        lines.add("Recording session %s: %s".formatted(session.name(), SessionText.state(session)));
        if (!session.created().isEmpty()) {
            lines.add("  Since:  " + since(session.created(), now));
        }
        lines.add("  Output: " + output(session));
        RelayText.of(session).forEach(text -> lines.add("  Relay:  " + text));
        lines.add("  Rules:  " + rules(session));
        if (session.domains().stream().anyMatch(domain -> domain != DomainName.KERNEL)) {
            lines.add(
                    "  JVMs:   %,d recorded, %,d refused"
                            .formatted(session.recordedJvms(), session.refusedJvms()));
        }
        return lines;
    }

    private static String output(SessionView session) {
        if (session.mode() == SessionMode.SNAPSHOT) {
            return "in memory; snapshots go to " + session.output();
        }
        return session.output();
    }

    private static String rules(SessionView session) {
        long enabled =
                session.channels().stream()
                        .filter(ChannelView::isEnabled)
                        .flatMap(channel -> channel.rules().stream())
                        .filter(rule -> rule.isEnabled())
                        .count();
        return "%,d enabled; contrail list %s shows them and the channels"
                .formatted(enabled, TerminalText.word(session.name()));
    }

    private static String since(String created, Instant now) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(created, BASIC);
            return SHOWN.format(time) + " (" + age(Duration.between(time.toInstant(), now)) + ")";
        } catch (DateTimeParseException e) {
            return created; // by a daemon that writes it otherwise
        }
    }

    /// The two largest units of a time.
    private static String age(Duration time) {
        if (time.isNegative()) {
            return "by a clock that was changed since";
        }
        if (time.toDays() > 0) {
            return "%d d %d h".formatted(time.toDays(), time.toHoursPart());
        }
        if (time.toHours() > 0) {
            return "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
        }
        if (time.toMinutes() > 0) {
            return "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart());
        }
        return time.toSeconds() + " s";
    }
}
