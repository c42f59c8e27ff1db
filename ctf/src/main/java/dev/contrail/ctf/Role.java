// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

/// What a field means to the reader: in CTF 2 the metadata gives it roles, in CTF 1.8 its name and
/// place do (`ctf.md` sections 6.6 and 13.5).
public enum Role {
    MAGIC("packet-magic-number"),
    /// Tells packets of this trace from others: the UUID of the metadata.
    METADATA_UUID("metadata-stream-uuid"),
    STREAM_CLASS_ID("data-stream-class-id"),
    STREAM_INSTANCE_ID("data-stream-id"),
    PACKET_SIZE("packet-total-length"),
    CONTENT_SIZE("packet-content-length"),
    /// The clock's value: in a packet context at the packet's begin, in an event header at the
    /// event.
    BEGIN("default-clock-timestamp"),
    END("packet-end-default-clock-timestamp"),
    DISCARDED("discarded-event-record-counter-snapshot"),
    SEQUENCE("packet-sequence-number"),
    EVENT_CLASS_ID("event-record-class-id");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /// How CTF 2 metadata names it.
    public String word() {
        return word;
    }
}
