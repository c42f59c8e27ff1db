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

/// Rings of this user's programs that have ended, for `contrail doctor`: those that sessions keep,
/// and those that no session is known for.
///
/// @param keptBytes memory that they take
public record EndedRings(
        Path directory, int kept, long keptBytes, int unclaimed, long unclaimedBytes) {

    /// Looks at all of them; what cannot be read is not counted.
    ///
    /// @param sessions that there are, by their ids
    public static EndedRings find(Set<Long> sessions) throws IOException {
        return in(RingDirectory.path(), sessions);
    }

    static EndedRings in(Path directory, Set<Long> sessions) {
        int[] count = {0, 0};
        long[] bytes = {0, 0};
        try (DirectoryStream<Path> rings = Files.newDirectoryStream(directory, "*.ring")) {
            for (Path each : rings) {
                look(each, sessions, count, bytes);
            }
        } catch (IOException e) {
            // there is no such directory, or it is not for this user: then there are none
        }
        return new EndedRings(directory, count[0], bytes[0], count[1], bytes[1]);
    }

    private static void look(Path path, Set<Long> sessions, int[] count, long[] bytes) {
        try (RingFile ring = RingFile.open(path, -1)) {
            if (ring.writer() == WriterState.ENDED) {
                boolean isKept =
                        ring.pools().stream().map(Pool::sessionId).anyMatch(sessions::contains);
                count[isKept ? 0 : 1]++;
                bytes[isKept ? 0 : 1] += ring.storedBytes();
            }
        } catch (IOException | RuntimeException e) {
            // no ring, or one that is going away
        }
    }
}
