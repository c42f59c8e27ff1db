// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.file.ForeignFile;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.PacketBits;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/// Decodes what stands before a packet's event records and checks it: that it is a packet of the
/// trace and of which stream class, then what it says of itself (`ctf.md` sections 7 and 14).
///
/// Owned by one [PacketDecoder].
final class PacketStartDecoder {
    private final TracePlan plan;
    private final FieldDecoder fields;
    private String file = "";
    private boolean isNewFile;

    /// The UUID that packets of this file have.
    private UUID fileUuid = TraceClass.NO_UUID;

    PacketStartDecoder(TracePlan plan, FieldDecoder fields) {
        this.plan = plan;
        this.fields = fields;
    }

    /// Decodes the packet header; the decoder is at the packet's begin.
    ///
    /// @param name of the file, whose packets have one UUID
    /// @return the packet's stream class
    StreamPlan header(String name) throws CtfException {
        isNewFile = !name.equals(file);
        file = name;
        if (plan.isCtf2()) {
            fields.setClock(0);
        }
        checkMagic();
        fields.scope(Scope.PACKET_HEADER, plan.headerLayout());
        checkUuid();
        return streamPlan();
    }

    /// Decodes the packet context and ends the content where it says.
    ///
    /// @param restBytes how many bytes the file has from the packet's begin
    /// @return what the packet says of itself; sizes that it does not tell are filled in
    IndexEntry context(StreamPlan stream, long restBytes) throws CtfException {
        fields.scope(Scope.PACKET_CONTEXT, stream.packetContext());
        fields.endPacketStart();
        IndexEntry entry = entry(stream, restBytes);
        fields.endContent(entry.contentBits());
        return entry;
    }

    private void checkMagic() throws CtfException {
        if (!plan.hasMagic()) {
            return;
        }
        FieldLayout field = plan.headerLayout().parts()[0];
        if (fields.magic(field) != LttngSchema.MAGIC) {
            int begin = fields.bytes().slice().order(ByteOrder.BIG_ENDIAN).getInt(0);
            int value = LttngSchema.MAGIC;
            value = field.isReversed() ? Integer.reverse(value) : value;
            int wanted = field.isBigEndian() ? value : Integer.reverseBytes(value);
            String foreign = ForeignFile.of(begin).map(each -> "; the file is " + each).orElse("");
            throw fields.error(
                    "magic number %s, want %s%s"
                            .formatted(
                                    CtfException.bytes(begin),
                                    CtfException.bytes(wanted),
                                    foreign));
        }
    }

    /// All packets of a file must have one UUID. That it be the metadata's is not asked: there are
    /// traces whose metadata was taken from another run, and peers read them.
    private void checkUuid() throws CtfException {
        if (plan.uuid().isEmpty()) {
            return;
        }
        FieldLayout field = plan.uuid().get();
        UUID found = field.kind() == FieldLayout.Kind.BLOB ? uuidOfBlob() : uuidOfArray(field);
        if (isNewFile || fileUuid.equals(TraceClass.NO_UUID)) {
            fileUuid = found;
        }
        if (!found.equals(fileUuid)) {
            throw fields.error("UUID %s, want %s".formatted(found, fileUuid));
        }
    }

    private UUID uuidOfBlob() {
        int start = (int) fields.role(Role.METADATA_UUID);
        if (start < 0) {
            return fileUuid; // it stands in an option that this packet does not have
        }
        ByteBuffer raw = fields.bytes().slice(start, 16);
        return new UUID(raw.getLong(), raw.getLong());
    }

    private UUID uuidOfArray(FieldLayout field) {
        long[] slots = fields.slots();
        int slot = 0;
        for (FieldLayout part : plan.headerLayout().parts()) {
            if (part == field) {
                break;
            }
            slot = part.skip(slots, slot);
        }
        long most = 0;
        long least = 0;
        for (int i = 0; i < 8; i++) {
            most = most << 8 | slots[slot + i] & 0xFF;
            least = least << 8 | slots[slot + 8 + i] & 0xFF;
        }
        return new UUID(most, least);
    }

    private StreamPlan streamPlan() throws CtfException {
        if (!plan.hasStreamId()) {
            return plan.onlyStream().orElseThrow(() -> fields.error("no stream class is declared"));
        }
        long id = fields.role(Role.STREAM_CLASS_ID);
        return plan.stream(id)
                .orElseThrow(() ->
                        fields.error(
                                "stream class %s is not declared"
                                        .formatted(Long.toUnsignedString(id))));
    }

    private IndexEntry entry(StreamPlan stream, long restBytes) throws CtfException {
        long content = role(stream, Role.CONTENT_SIZE, -1);
        long packet = role(stream, Role.PACKET_SIZE, -1);
        boolean hasContent = stream.has(Role.CONTENT_SIZE);
        boolean hasPacket = stream.has(Role.PACKET_SIZE);
        if (hasContent && !hasPacket) {
            if (content < 0) {
                throw fields.error(
                        "content of %s bits, want less than 2^63"
                                .formatted(Long.toUnsignedString(content)));
            }
            packet = (content >>> 3) + ((content & 7) == 0 ? 0 : 1) << 3;
        } else if (!hasPacket) {
            packet = restBytes * 8;
        }
        content = hasContent ? content : packet;
        if (packet <= 0 || packet % 8 != 0) {
            throw fields.error(
                    "packet of %s bits, want whole bytes, more than none"
                            .formatted(Long.toUnsignedString(packet)));
        }
        if (content < 0 || content > packet) {
            throw fields.error(
                    "content of %s bits, want at most the packet's %d"
                            .formatted(Long.toUnsignedString(content), packet));
        }
        if (content < fields.position()) {
            throw fields.error(
                    "content of %d bits, want at least header's and context's %d"
                            .formatted(content, fields.position()));
        }
        long begin = stream.isBeginOfClock() ? fields.clock() : role(stream, Role.BEGIN, 0);
        long end = role(stream, Role.END, begin);
        if (stream.hasEnd()) {
            end = PacketBits.advanced(begin, end, fields.roleBits(Role.END));
        }
        return new IndexEntry(
                packet,
                content,
                begin,
                end,
                -1,
                role(stream, Role.DISCARDED, 0),
                stream.streamClass().id(),
                plan.hasInstanceId() ? fields.role(Role.STREAM_INSTANCE_ID) : IndexEntry.NONE,
                role(stream, Role.SEQUENCE, IndexEntry.NONE));
    }

    private long role(StreamPlan stream, Role role, long otherwise) {
        return stream.has(role) ? fields.role(role) : otherwise;
    }
}
