// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.filter.ExpressionParser;

/// What a frame is, and its bounds.
///
/// A frame is `u32` length of what follows, `u8` type, body; little endian. A string is `u16` size
/// and UTF-8 bytes, a text `u32` size and UTF-8 bytes, a list `u32` count and elements.
public final class FrameFormat {
    /// Goes into [FromApplication.Hello] and [FromDaemon.Welcome]. Since 2 orders about log
    /// statements name the log system; since 3 orders have filters and contexts, and there are some
    /// about JFR and methods.
    public static final int VERSION = 3;

    /// The largest frame: an event class of 255 fields with the longest names fits.
    public static final int MAX_FRAME = 1 << 20;

    /// The longest string, in bytes: a path.
    public static final int MAX_STRING = 4096;

    /// The longest text, in bytes: a filter of non-ASCII characters.
    public static final int MAX_TEXT = 3 * ExpressionParser.MAX_LENGTH;

    /// The longest list.
    public static final int MAX_LIST = 1 << 16;

    private FrameFormat() {}

    /// The length of a frame, once the first four bytes are there.
    static int checkedLength(int untrustedLength) throws LinkException {
        if (untrustedLength < 1 || untrustedLength > MAX_FRAME) {
            throw new LinkException(
                    "frame of %s bytes, want 1 to %d"
                            .formatted(Integer.toUnsignedString(untrustedLength), MAX_FRAME));
        }
        return untrustedLength;
    }
}
