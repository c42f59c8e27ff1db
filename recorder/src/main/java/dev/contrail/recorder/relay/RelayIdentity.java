// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayExtension;
import dev.contrail.wire.relay.RelayRequest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// What a session is called at a relay.
///
/// @param directory that the user asked for there; empty for the relay's choice
/// @param liveMicros 0 when it is not live
/// @param snapshot directory of the snapshot that is sent; empty for none
/// @param createdSeconds when the session was made that the snapshot is of; 0 when it is none
/// @param origin by which a relay of ours knows it again; empty for a snapshot
public record RelayIdentity(
        String session,
        String host,
        String directory,
        long liveMicros,
        String snapshot,
        long createdSeconds,
        Optional<Origin> origin) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private static final Pattern NAMED_AFTER_TIME = Pattern.compile("auto-\\d{8}-\\d{6}(-\\d+)?");

    /// With a longer name no viewer can list the relay's sessions (`relay-protocol.md` section 10).
    private static final int MOST_HOST_BYTES = 63;

    /// By what a relay of ours knows a session again, whichever process sends it.
    ///
    /// @param daemon stands for the session daemon
    /// @param sessionId the daemon's number
    /// @param isSynced whether what is acknowledged shall survive a loss of power there
    public record Origin(UUID daemon, long sessionId, boolean isSynced) {
        RelayExtension wanted() {
            return new RelayExtension(RelayExtension.VERSION, isSynced ? RelayExtension.SYNCED : 0);
        }
    }

    /// What a session of its own at the relay is called.
    public static RelayIdentity of(
            SessionFacts facts, RelayEndpoints relay, long liveMicros, Origin origin) {
        return new RelayIdentity(
                facts.name(),
                facts.hostname(),
                relay.control().path(),
                liveMicros,
                "",
                0,
                Optional.of(origin));
    }

    /// Whether the session daemon has made the name of the moment: the relay then does not put the
    /// moment behind it.
    private boolean isNamedAfterTime() {
        return NAMED_AFTER_TIME.matcher(session).matches();
    }

    boolean isSnapshot() {
        return !snapshot.isEmpty();
    }

    boolean isLive() {
        return liveMicros > 0;
    }

    /// @param isAgain whether the session has sent to this relay before: it must not get into that
    ///   directory
    /// @param daemon two sessions with the same one, and the same number, share a trace chunk
    RelayRequest.CreateSession request(long createdSeconds, boolean isAgain, UUID daemon) {
        String base = directory;
        if (isAgain && !base.isEmpty()) {
            base += "-" + time(createdSeconds);
        }
        return new RelayRequest.CreateSession(
                CString.of(session),
                hostName(),
                CString.of(base),
                liveMicros,
                isSnapshot(),
                !isAgain && isNamedAfterTime(),
                daemon,
                origin.map(Origin::sessionId).orElse(0L),
                createdSeconds,
                false,
                0,
                RelayRequest.CreateSession.CTF_1_8);
    }

    /// The directory of a stream, as the relay wants to be told.
    CString path(String traceDirectory, long createdSeconds, RelayVersion version) {
        if (version.isAtLeast(11)) {
            return CString.of(traceDirectory);
        }
        String its =
                "/%s/%s-%s/%s/%s"
                        .formatted(
                                hostName(),
                                session,
                                time(createdSeconds),
                                snapshot,
                                traceDirectory);
        return CString.of(its);
    }

    /// What the relay makes of the moment.
    static String time(long createdSeconds) {
        return TIME.format(LocalTimeZone.at(Instant.ofEpochSecond(createdSeconds)));
    }

    private CString hostName() {
        return CString.of(host).cutTo(MOST_HOST_BYTES);
    }
}
