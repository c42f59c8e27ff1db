// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import java.util.ArrayList;
import java.util.List;

/// Where a session's snapshots go: one output at most, ids count up and are not used again, as in
/// LTTng 2.13. Owned by the control thread.
public final class SnapshotOutputs {
    private final List<SnapshotOutput> outputs = new ArrayList<>();
    private int nextId = 1;
    private int nextSnapshot;

    public SnapshotOutput add(String name, String directory, long maxBytes)
            throws RefusedException {
        if (!outputs.isEmpty()) {
            throw new RefusedException(LttngError.SNAPSHOT_OUTPUT_EXIST);
        }
        int id = nextId++;
        var output =
                new SnapshotOutput(
                        id, name.isEmpty() ? "snapshot-" + id : name, directory, maxBytes);
        outputs.add(output);
        return output;
    }

    public SnapshotOutput delete(String idOrName) throws RefusedException {
        for (SnapshotOutput output : outputs) {
            if (output.name().equals(idOrName) || Integer.toString(output.id()).equals(idOrName)) {
                outputs.remove(output);
                return output;
            }
        }
        throw new RefusedException(
                LttngError.INVALID, "Snapshot output " + idOrName + " not found");
    }

    /// The oldest first.
    public List<SnapshotOutput> list() {
        return List.copyOf(outputs);
    }

    /// The number of the next snapshot, counted from 0 per session.
    public int takeNumber() {
        return nextSnapshot++;
    }

    int nextId() {
        return nextId;
    }

    int nextSnapshot() {
        return nextSnapshot;
    }

    /// Goes on where an earlier daemon stopped.
    public void restore(List<SnapshotOutput> saved, int savedNextId, int savedNextSnapshot) {
        outputs.clear();
        outputs.addAll(saved);
        nextId = savedNextId;
        nextSnapshot = savedNextSnapshot;
    }
}
