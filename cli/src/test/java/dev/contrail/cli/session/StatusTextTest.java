// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.DomainName;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.SessionView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final String CREATED = "20261123T101500+0000";

    @Test
    void showsASessionInAFewLines() {
        SessionView session =
                session(SessionMode.DISK, "/traces/night", List.of(DomainName.USERSPACE), 2, 1);

        assertThat(StatusText.of(session, Instant.parse("2026-11-23T10:20:07Z")))
                .containsExactly(
                        "Recording session night: [active]",
                        "  Since:  2026-11-23 10:15:00 (5 min 7 s)",
                        "  Output: /traces/night",
                        "  Rules:  0 enabled; contrail list night shows them and the channels",
                        "  JVMs:   2 recorded, 1 refused");
    }

    @Test
    void saysThatASnapshotSessionIsInMemory() {
        SessionView session =
                session(SessionMode.SNAPSHOT, "/traces", List.of(DomainName.KERNEL), 0, 0);

        assertThat(StatusText.of(session, Instant.parse("2026-11-25T12:15:00Z")))
                .contains(
                        "Recording session night: [active snapshot]",
                        "  Since:  2026-11-23 10:15:00 (2 d 2 h)",
                        "  Output: in memory; snapshots go to /traces")
                .noneMatch(line -> line.contains("JVMs"));
    }

    @Test
    void saysHowItStandsWithARelay() {
        SessionView away =
                relayed(
                        new SessionView.RelayView(
                                false, true, 2_500_000_000L, 4096, 1 << 28, 0, ""));
        assertThat(StatusText.of(away, Instant.EPOCH))
                .contains(
                        "  Relay:  not connected; 2.5 s and 4,096 bytes behind (at most 268,435,456 wait)");
        SessionView there = relayed(new SessionView.RelayView(true, true, 0, 0, 1 << 28, 3, ""));
        assertThat(StatusText.of(there, Instant.EPOCH))
                .contains("  Relay:  connected, resumes after a cut; nothing waits; 3 viewers");
        SessionView other = relayed(new SessionView.RelayView(true, false, 0, 0, 1 << 28, 0, ""));
        assertThat(StatusText.of(other, Instant.EPOCH))
                .contains("  Relay:  connected; nothing waits");
    }

    private static SessionView relayed(SessionView.RelayView relay) {
        return new SessionView(
                "night",
                SessionMode.DISK,
                true,
                "tcp4://h:5342/ [data: 5343]",
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                CREATED,
                0,
                0,
                Optional.of(relay));
    }

    private static SessionView session(
            SessionMode mode,
            String output,
            List<DomainName> domains,
            long recorded,
            long refused) {
        return new SessionView(
                "night",
                mode,
                true,
                output,
                0,
                domains,
                List.of(),
                List.of(),
                List.of(),
                0,
                CREATED,
                recorded,
                refused,
                Optional.empty());
    }
}
