// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import dev.contrail.ctf.ClockClass;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/// What a domain must know of a session. Fixed for the session, also over a restart of the daemon.
///
/// @param id unique on the machine, also between daemons
/// @param isSnapshot whether rings are kept in memory for snapshots, rather than consumed to disk
/// @param created the moment of creation, ISO 8601 basic (`20261123T101500+0000`)
/// @param clock of every trace of the session: one identity, one offset
/// @param stateDirectory where the domain may keep files that a restarted daemon needs; exists
public record SessionFacts(
        long id,
        String name,
        boolean isSnapshot,
        String created,
        String hostname,
        int uid,
        ClockClass clock,
        Path stateDirectory) {
    private static final DateTimeFormatter CREATED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssXX");

    /// The moment of creation, in seconds since 1970.
    public long createdSeconds() {
        return OffsetDateTime.parse(created, CREATED).toEpochSecond();
    }

    /// The same under another name.
    public SessionFacts named(String other) {
        return new SessionFacts(
                id, other, isSnapshot, created, hostname, uid, clock, stateDirectory);
    }
}
