// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.tracer.process.WriterState;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.write.RingDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/// Rings of this user's programs that have ended, for `contrail doctor`: those that sessions keep,
/// those that sessions of other daemons keep, and those that no session is known for.
///
/// @param keepers the sessions of other daemons that keep some, by their ids
public record EndedRings(
        Path directory, Share kept, Share elsewhere, Set<Long> keepers, Share unclaimed) {
    /// A number of rings, and the memory that they take.
    public record Share(int rings, long bytes) {
        static final Share NONE = new Share(0, 0);

        private Share plus(RingFile ring) throws IOException {
            return new Share(rings + 1, bytes + ring.storedBytes());
        }
    }

    public EndedRings {
        keepers = Set.copyOf(keepers);
    }

    /// Looks at all of them; what cannot be read is not counted.
    ///
    /// @param sessions that there are, by their ids
    /// @param others those of other daemons
    public static EndedRings find(Set<Long> sessions, Set<Long> others) throws IOException {
        return in(RingDirectory.path(), sessions, others);
    }

    static EndedRings in(Path directory, Set<Long> sessions, Set<Long> others) {
        var found = new EndedRings(directory, Share.NONE, Share.NONE, Set.of(), Share.NONE);
        try (DirectoryStream<Path> rings = Files.newDirectoryStream(directory, "*.ring")) {
            for (Path each : rings) {
                found = found.plus(each, sessions, others);
            }
        } catch (IOException e) {
            // there is no such directory, or it is not for this user: then there are none
        }
        return found;
    }

    private EndedRings plus(Path path, Set<Long> sessions, Set<Long> others) {
        try (RingFile ring = RingFile.open(path, -1)) {
            if (ring.writer() != WriterState.ENDED) {
                return this;
            }
            var claims = new TreeSet<>(ring.pools().stream().map(Pool::sessionId).toList());
            if (claims.stream().anyMatch(sessions::contains)) {
                return new EndedRings(directory, kept.plus(ring), elsewhere, keepers, unclaimed);
            }
            claims.retainAll(others);
            if (!claims.isEmpty()) {
                claims.addAll(keepers);
                return new EndedRings(directory, kept, elsewhere.plus(ring), claims, unclaimed);
            }
            return new EndedRings(directory, kept, elsewhere, keepers, unclaimed.plus(ring));
        } catch (IOException | RuntimeException e) {
            return this; // no ring, or one that is going away
        }
    }
}
