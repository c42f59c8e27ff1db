// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import dev.contrail.relay.journal.Resumption;
import dev.contrail.relay.label.LabelFile;
import dev.contrail.relay.label.SessionLabel;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.stream.EndedStreams;
import dev.contrail.relay.stream.PublishedStreams;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Writes down what the next relay has to know of a session, so that viewers can read it there.
/// What cannot be written is only told: the session goes on.
///
/// @param version that its producer speaks
/// @param root the output directory
/// @param directory of the session, below that
record LabelWriter(CreateSession request, RelayVersion version, Path root, Path directory) {
    /// It has a journal, which says how far it comes.
    void begun() throws IOException {
        try {
            LabelFile.write(place(), SessionLabel.begun(request), true);
        } catch (IOException e) {
            RelayLog.failed(
                    "viewers cannot read %s after a kill of this relay".formatted(directory), e);
            LabelFile.remove(place()); // what it says is over
        }
    }

    /// It has ended, or nobody goes on with it. Producers before 2.11 have no directory of their
    /// own, and of a snapshot viewers see nothing.
    void ended(PublishedStreams published, Optional<Resumption> resumption) {
        if (request.isSnapshot() || !version.isAtLeast(11)) {
            return;
        }
        try {
            Optional<SessionLabel> label = EndedStreams.label(request, published);
            if (label.isPresent() && resumption.isPresent()) {
                LabelFile.write(place(), label.get(), resumption.get().isSynced());
            } else if (label.isPresent()) {
                LabelFile.writeBeside(place(), label.get());
            }
        } catch (IOException | IllegalArgumentException e) {
            RelayLog.failed(
                    "viewers cannot read %s after a restart of this relay".formatted(directory), e);
        }
    }

    private Path place() {
        return root.resolve(directory);
    }
}
