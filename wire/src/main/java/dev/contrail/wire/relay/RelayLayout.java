// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import dev.contrail.wire.packed.Fields;

/// How long the structures of `relay-protocol.md` section 5 are, in bytes, by the version that
/// brought them.
final class RelayLayout {
    static final int ONE_NUMBER = Long.BYTES;
    static final int TWO_NUMBERS = 2 * Long.BYTES;
    static final int VERSION = 2 * Integer.BYTES;

    /// `char[255]`, in the form of 2.4.
    static final int SESSION_NAME = 255;

    /// `char[64]`, in the form of 2.4.
    static final int HOST_NAME = 64;

    static final int CREATE_SESSION_2_4 = SESSION_NAME + HOST_NAME + 8;

    /// Names follow.
    static final int CREATE_SESSION_2_11 = 59;

    /// Names follow.
    static final int CREATE_SESSION_2_15 = CREATE_SESSION_2_11 + 4;

    /// `char[264]` in the form of 2.1, and the most that later ones may have.
    static final int CHANNEL_NAME = 264;

    /// The longest path of a stream from 2.11 on, with its NUL.
    static final int STREAM_PATH_2_11 = 255;

    static final int ADD_STREAM_2_1 = CHANNEL_NAME + Fields.MAX_PATH_BYTES;
    static final int ADD_STREAM_2_2 = ADD_STREAM_2_1 + 16;

    /// Names follow.
    static final int ADD_STREAM_2_11 = 32;

    /// Bytes of metadata follow.
    static final int SEND_METADATA = 12;

    static final int SEND_INDEX_2_4 = 64;
    static final int SEND_INDEX_2_8 = 80;

    /// Without padding; positions follow.
    static final int ROTATE_STREAMS = 13;

    /// The position of one stream.
    static final int ROTATE_POSITION = 16;

    /// Streams that are rotated at once: 1,000 processes, each with 4 channels on 64 CPUs. Sixteen
    /// bytes of a hostile payload become twice as many of heap.
    static final int MAX_ROTATED_STREAMS = 1 << 18;

    /// With the widest padding.
    static final int ROTATE_STREAMS_MOST =
            ROTATE_STREAMS + 7 + MAX_ROTATED_STREAMS * ROTATE_POSITION;

    /// A name follows.
    static final int CREATE_TRACE_CHUNK = 20;

    static final int CLOSE_TRACE_CHUNK = 21;

    /// Index entry, mark, encoding and checksum; a packet follows.
    static final int SEND_PACKET = SEND_INDEX_2_8 + TWO_NUMBERS + 8;

    /// Stream, padding, mark; bytes of metadata follow.
    static final int SEND_MARKED_METADATA = SEND_METADATA + TWO_NUMBERS;

    private RelayLayout() {}
}
