// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.chunk;

import dev.contrail.relay.file.SafeNames;
import dev.contrail.relay.request.Refusal;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.ResultCode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// Where sessions and streams are stored below the output directory (`relay-protocol.md` section
/// 8).
///
/// @param root absolute
/// @param isBySession whether directories are grouped by session, not by host
/// @param zone of the times in names
public record OutputLayout(Path root, boolean isBySession, ZoneId zone) {
    /// Where rotated chunks of a session go, below its directory.
    public static final String ARCHIVES = "archives";

    /// A name gets `-YYYYMMDD-HHMMSS` behind it.
    static final int MAX_LABEL_BYTES = 239;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final DateTimeFormatter CHUNK_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssxx");

    /// The directory of a session below the root; the root itself for producers before 2.11, whose
    /// streams say it.
    public Path sessionDirectory(CreateSession untrusted, RelayVersion version) throws Refusal {
        if (!version.isAtLeast(4)) {
            return Path.of("");
        }
        String name = label(untrusted.name(), "session name");
        String host = label(untrusted.host(), "host name");
        if (!version.isAtLeast(11)) {
            return Path.of("");
        }
        Path base = Path.of("");
        if (!untrusted.basePath().isEmpty()) {
            base =
                    SafeNames.below(untrusted.basePath())
                            .orElseThrow(() -> refused("base path", untrusted.basePath()));
        }
        String time = time(TIME, untrusted.createdSeconds());
        if (isBySession) {
            return Path.of(name, host + "-" + time).resolve(base);
        }
        if (!base.toString().isEmpty()) {
            return Path.of(host).resolve(base);
        }
        return Path.of(host, untrusted.isNamedAfterTime() ? name : name + "-" + time);
    }

    /// The directory of a stream below the session's.
    public Path streamDirectory(CString untrusted, CString host, RelayVersion version)
            throws Refusal {
        Path path =
                SafeNames.below(untrusted)
                        .orElseThrow(() ->
                                Refusal.of(ResultCode.UNKNOWN, "path of a stream: " + untrusted));
        if (!version.isAtLeast(11)) {
            return isBySession ? groupedBySession(path, host.toString()) : path;
        }
        String first = path.getName(0).toString();
        if (first.startsWith(".") || first.equals(ARCHIVES)) {
            throw Refusal.of(ResultCode.UNKNOWN, "path of a stream: " + untrusted);
        }
        return path;
    }

    /// `HOST/NAME-DATE/…` as `NAME/HOST-DATE/…`.
    private static Path groupedBySession(Path path, String host) {
        String session = path.getNameCount() < 3 ? "" : path.getName(1).toString();
        if (!session.matches(".+-\\d{8}-\\d{6}") || !path.getName(0).toString().equals(host)) {
            return path;
        }
        int date = session.length() - "-YYYYMMDD-HHMMSS".length();
        return Path.of(session.substring(0, date), host + session.substring(date))
                .resolve(path.subpath(2, path.getNameCount()));
    }

    /// `START-ID`, or `START-END-ID`.
    String chunkName(long id, long createdSeconds, boolean isClosed, long closedSeconds) {
        String start = time(CHUNK_TIME, createdSeconds);
        String end = isClosed ? "-" + time(CHUNK_TIME, closedSeconds) : "";
        return start + end + "-" + Long.toUnsignedString(id);
    }

    private String time(DateTimeFormatter format, long untrustedSeconds) {
        try {
            return format.withZone(zone).format(Instant.ofEpochSecond(untrustedSeconds));
        } catch (DateTimeException e) {
            return format.withZone(zone).format(Instant.EPOCH);
        }
    }

    private static String label(CString untrusted, String what) throws Refusal {
        return SafeNames.label(untrusted, MAX_LABEL_BYTES)
                .orElseThrow(() -> refused(what, untrusted));
    }

    private static Refusal refused(String what, CString untrusted) {
        return Refusal.of(ResultCode.FATAL, what + ": " + untrusted);
    }
}
