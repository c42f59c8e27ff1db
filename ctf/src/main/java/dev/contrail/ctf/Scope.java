// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

/// The parts of a packet and of an event record, in the order of decoding (`ctf.md` section 1).
public enum Scope {
    PACKET_HEADER("trace.packet.header"),
    PACKET_CONTEXT("stream.packet.context"),
    EVENT_HEADER("stream.event.header"),
    /// The context that all events of a stream class share.
    COMMON_CONTEXT("stream.event.context"),
    /// The context of one event class.
    SPECIFIC_CONTEXT("event.context"),
    PAYLOAD("event.fields");

    private final String path;

    Scope(String path) {
        this.path = path;
    }

    /// How TSDL names it, and how `view --names=scope` shows it.
    public String path() {
        return path;
    }
}
