// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.ctf2.Ctf2Writer;
import dev.contrail.ctf.tsdl.TsdlWriter;
import java.io.IOException;
import java.util.List;

/// A trace that is no folder of CTF: what its streams hold, packet by packet, and what is needed to
/// decode them.
///
/// @param name what users call it
/// @param metadata of all packets to come; its warnings and damage are told to the user
/// @param streams each read by one thread; closed with the trace
public record SourceTrace(String name, Metadata metadata, List<SourceStream> streams)
        implements AutoCloseable {
    public SourceTrace {
        streams = List.copyOf(streams);
    }

    /// What it declares, as a metadata file would.
    public String text() {
        boolean isCtf2 = metadata.trace().version() == CtfVersion.CTF_2;
        var text = new StringBuilder();
        text.append(
                isCtf2
                        ? Ctf2Writer.preamble(metadata.trace(), List.of(), metadata.attributes())
                        : TsdlWriter.preamble(metadata.trace(), List.of()));
        for (StreamClass stream : metadata.streams()) {
            text.append(
                    isCtf2
                            ? Ctf2Writer.stream(stream, metadata.attributes())
                            : TsdlWriter.stream(stream, metadata.trace().byteOrder()));
        }
        for (EventClass event : metadata.events()) {
            text.append(
                    isCtf2
                            ? Ctf2Writer.event(event, metadata.attributes())
                            : TsdlWriter.event(event, metadata.trace().byteOrder()));
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        for (SourceStream stream : streams) {
            stream.packets().close();
        }
    }
}
