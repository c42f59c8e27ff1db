// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.recorder.file.StateLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Keeps a session's state for the next daemon: a [StateLog] of whole states and of changes to the
/// one before. Owned by the state thread.
public final class SessionLog {
    /// Beyond it, and beyond twice a whole state, the log is written anew with that alone.
    private static final long MAX_BYTES = 256 * 1024;

    private final StateLog log;
    private Optional<SessionFile> last;
    private long wholeBytes;

    private SessionLog(StateLog log, Optional<SessionFile> last) {
        this.log = log;
        this.last = last;
        this.wholeBytes = log.sizeBytes();
    }

    /// The log of a session that is made now.
    static SessionLog begin(Path file) throws IOException {
        return new SessionLog(StateLog.open(file), Optional.empty());
    }

    /// The log that an earlier daemon has left, whichever its version.
    ///
    /// @throws IOException when no state can be read from it; the file is then as it was
    static SessionLog open(Path file) throws IOException {
        if (!StateLog.isOne(file)) {
            Optional<SessionFile> first =
                    Files.size(file) > MAX_BYTES
                            ? Optional.empty()
                            : SessionFile.ofFirstVersion(
                                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            if (first.isEmpty()) {
                throw new IOException("its state is none that this daemon can read");
            }
            StateLog.begin(file, List.of(first.get().text()));
        }
        StateLog log = StateLog.open(file);
        return new SessionLog(log, Optional.of(SessionFile.read(log.records())));
    }

    /// What was kept last.
    Optional<SessionFile> last() {
        return last;
    }

    /// What was found wrong with it, for the user; empty for nothing.
    String problem() {
        return log.problem();
    }

    /// Keeps the state as it is now.
    public void keep(SessionFile now) throws IOException {
        String changes = last.isPresent() ? now.changesSince(last.get()) : now.text();
        if (log.sizeBytes() + changes.length() > Math.max(MAX_BYTES, 2 * wholeBytes)
                || changes.length() > StateLog.MAX_RECORD_BYTES / 8) {
            log.replace(List.of(now.text()));
            wholeBytes = log.sizeBytes();
        } else {
            log.append(changes);
        }
        last = Optional.of(now);
    }
}
