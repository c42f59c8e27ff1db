// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import dev.contrail.ctf.CtfVersion;
import java.nio.ByteBuffer;

/// Prints the fields of one layout as babeltrace2's `sink.text.pretty` does, of version 2.0.4 for
/// CTF 1.8 and of 2.2 for CTF 2 (`ctf.md` section 17): made once a layout ([FieldPrinters]), with
/// everything that does not change from event to event already encoded.
abstract class FieldPrinter {
    /// How fields look.
    ///
    /// @param withNames whether members and elements go by name
    record Style(boolean withNames, CtfVersion version, Colours colours) {}

    /// Prints the values that begin at `slot`.
    ///
    /// @return the slot after them
    abstract int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet);
}
