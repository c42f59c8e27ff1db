// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

/// The parts of a packet and of an event record, in the order of decoding (`ctf.md` section 1).
public enum Scope {
    PACKET_HEADER("trace.packet.header", "packet-header"),
    PACKET_CONTEXT("stream.packet.context", "packet-context"),
    EVENT_HEADER("stream.event.header", "event-record-header"),
    /// The context that all events of a stream class share.
    COMMON_CONTEXT("stream.event.context", "event-record-common-context"),
    /// The context of one event class.
    SPECIFIC_CONTEXT("event.context", "event-record-specific-context"),
    PAYLOAD("event.fields", "event-record-payload");

    private final String path;
    private final String word;

    Scope(String path, String word) {
        this.path = path;
        this.word = word;
    }

    /// How TSDL names it, and how `view --names=scope` shows it.
    public String path() {
        return path;
    }

    /// How CTF 2 metadata names it as the origin of a field location.
    public String word() {
        return word;
    }
}
