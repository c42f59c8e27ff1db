// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import dev.contrail.relay.chunk.OutputLayout;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.request.RecordingSession;
import dev.contrail.relay.request.Refusal;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/// Finds directories for sessions where nobody else has stored anything: sessions of one name and
/// second, and those that say their directory themselves, would empty each other's files. The
/// consumer daemons of one recording session have one directory; so have its snapshots, each in one
/// of its own below.
///
/// @param sessions those whose producers are there, as they come and go
record FreePlaces(OutputLayout layout, Collection<RelaySession> sessions) {
    /// Sessions that would be stored in one directory: each has one of its own.
    static final int MAX_OF_ONE_NAME = 1000;

    /// The directory of one that begins, below the output directory.
    Path of(CreateSession request, RelayVersion version) throws Refusal, IOException {
        Path wanted = layout.sessionDirectory(request, version);
        if (!version.isAtLeast(11) || request.isSnapshot()) {
            return wanted;
        }
        for (int number = 2; number < MAX_OF_ONE_NAME; number++) {
            Path tried =
                    number == 2
                            ? wanted
                            : wanted.resolveSibling(wanted.getFileName() + "-" + (number - 1));
            if (isOwn(tried, request)
                    || !isRecorded(tried) && StoredFiles.isEmpty(layout.root().resolve(tried))) {
                return tried;
            }
        }
        throw Refusal.of(ResultCode.FATAL, "too many sessions are stored as " + wanted);
    }

    private boolean isOwn(Path directory, CreateSession request) {
        RecordingSession its = RecordingSession.of(request);
        return sessions.stream()
                .anyMatch(each ->
                        each.directory().equals(directory)
                                && RecordingSession.of(each.request()).equals(its));
    }

    private boolean isRecorded(Path tried) throws Refusal {
        boolean isRecorded = false;
        for (RelaySession each : sessions) {
            Path other = each.directory();
            if (tried.startsWith(other) && !tried.equals(other) && !other.toString().isEmpty()) {
                throw Refusal.of(ResultCode.FATAL, tried + " is in another session's directory");
            }
            isRecorded |= other.startsWith(tried);
        }
        return isRecorded;
    }
}
