// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.util.List;

/// Says which field decoded before holds a length or selects something (`ctf.md` sections 6.4 and
/// 13.4). Immutable.
public sealed interface FieldLocation {

    /// A path as TSDL writes it: absolute when it begins with a scope's name, otherwise searched in
    /// the structures around the place, from the inside outwards (CTF 1.8).
    record TsdlPath(String path) implements FieldLocation {}

    /// The names of members from a scope's structure on (CTF 2).
    record Absolute(Scope origin, List<String> path) implements FieldLocation {
        public Absolute {
            path = List.copyOf(path);
        }
    }

    /// The names of members from a structure around the place on (CTF 2).
    ///
    /// @param parents 0 for the structure that contains the place, 1 for the one around that, and
    ///   so on
    record Relative(int parents, List<String> path) implements FieldLocation {
        public Relative {
            path = List.copyOf(path);
        }
    }
}
