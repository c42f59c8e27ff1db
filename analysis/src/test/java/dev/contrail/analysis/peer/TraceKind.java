// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import dev.contrail.analysis.RandomTrace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What random traces there are.
enum TraceKind {
    /// Right in everything, with all that streams may have.
    RIGHT {
        @Override
        List<Path> write(long seed, Path folder) throws IOException {
            RandomTrace.write(seed, folder);
            return List.of(folder);
        }
    },

    /// Metadata in all ways, now and then in wrong ones; any bytes.
    GRAMMAR {
        @Override
        List<Path> write(long seed, Path folder) throws IOException {
            RandomMetadata.write(seed, folder);
            return List.of(folder);
        }
    },

    /// One thing of a right trace is wrong.
    EDITED {
        @Override
        List<Path> write(long seed, Path folder) throws IOException {
            EditedTrace.write(seed, folder);
            return List.of(folder);
        }
    },

    /// Clocks that wrap and jump, packets that lack something, one or two traces.
    TIMES {
        @Override
        List<Path> write(long seed, Path folder) throws IOException {
            return RandomTimes.write(seed, folder);
        }
    },

    /// Bytes of a right trace are wrong, of its streams or its metadata's packets.
    DAMAGED {
        @Override
        List<Path> write(long seed, Path folder) throws IOException {
            DamagedTrace.write(seed, folder);
            return List.of(folder);
        }
    };

    abstract List<Path> write(long seed, Path folder) throws IOException;

    static List<List<String>> options(long seed) {
        return List.of(
                List.of("--clock-gmt", seed % 3 == 0 ? "--names=all" : "--clock-date"),
                List.of("-c", "sink.text.details"));
    }
}
