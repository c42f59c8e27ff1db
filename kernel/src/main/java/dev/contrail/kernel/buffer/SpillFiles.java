// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import dev.contrail.recorder.file.SpillBudget;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a session's sub-buffers lie that were read and are not converted yet: a [Spill] for each
/// channel and CPU.
///
/// @param directory of the session's state
/// @param budget memory for the spills of all sessions
public record SpillFiles(Path directory, SpillBudget budget) {
    private static final String SPILL = "kernel-spill-";

    /// Where the sub-buffer lay that a daemon before there were spills had read.
    private static final String READER_PAGE = "kernel-reader-";

    /// Opens one, with what an earlier daemon has left in it.
    public Spill open(int channel, int cpu, int subBufferBytes) throws IOException {
        String name = channel + "-" + cpu;
        Spill spill = Spill.open(directory.resolve(SPILL + name), subBufferBytes, budget);
        spill.takeOver(directory.resolve(READER_PAGE + name));
        return spill;
    }

    /// Deletes them: the session is no more.
    public void delete() throws IOException {
        try (DirectoryStream<Path> spills = Files.newDirectoryStream(directory, SPILL + "*")) {
            for (Path spill : spills) {
                Files.delete(spill);
            }
        }
    }
}
