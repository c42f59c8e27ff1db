// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.write.CtfWriter;
import java.io.IOException;

/// A stream of a [SourceTrace].
///
/// @param classId of the stream class that its packets are of
/// @param id tells it from others of its class
/// @param name what messages call it, and copies of the trace
public record SourceStream(long classId, long id, String name, PacketSource packets) {

    /// A stream of event records, which are asked for as the reader needs them.
    ///
    /// @param writer of a trace in memory, whose classes are declared
    public static SourceStream of(
            CtfWriter writer, StreamClass streamClass, long id, String name, RecordFeed feed)
            throws IOException {
        var packets = new RecordPackets(writer, streamClass, id, name, feed);
        return new SourceStream(streamClass.id(), id, name, packets);
    }
}
