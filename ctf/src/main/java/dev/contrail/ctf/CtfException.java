// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.util.Objects;

/// Trace data that breaks the format. The message says where, what was found and what was wanted.
public final class CtfException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isCut;

    /// @param where file, packet, byte offset: as much as is known
    public CtfException(String where, String what) {
        this(where, what, false);
    }

    /// @param isCut whether nothing is wrong but that the data end
    public CtfException(String where, String what, boolean isCut) {
        super(where + ": " + what);
        this.isCut = isCut;
    }

    /// Whether the data end where more was to be read, and nothing else is known to be wrong.
    public boolean isCut() {
        return isCut;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /// Four bytes for a message, as they lie in a file.
    ///
    /// @param four the first one is the most significant
    public static String bytes(int four) {
        return "%02x %02x %02x %02x"
                .formatted(four >>> 24, four >>> 16 & 0xFF, four >>> 8 & 0xFF, four & 0xFF);
    }

    /// A name for a message, cut when hostile metadata made it longer than 60 characters.
    public static String shortened(String name) {
        return name.length() <= 60 ? name : name.substring(0, 60) + "…";
    }
}
