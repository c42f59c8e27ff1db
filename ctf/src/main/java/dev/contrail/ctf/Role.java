// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

/// What a field of a packet header, packet context or event header means to the reader. The value
/// is kept under the number of the role (`ctf.md` section 6.6).
enum Role {
    STREAM_CLASS_ID,
    STREAM_INSTANCE_ID,
    PACKET_SIZE,
    CONTENT_SIZE,
    BEGIN,
    END,
    DISCARDED,
    SEQUENCE,
    EVENT_CLASS_ID
}
