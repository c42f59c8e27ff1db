// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.util.Optional;

/// What tells a trace, a class or a clock from others of its kind (`ctf.md` section 12). In CTF 1.8
/// only `name` and, of clocks, `uid` exist. An absent part is not the same as an empty one.
public record Identity(Optional<String> namespace, Optional<String> name, Optional<String> uid) {
    /// Nothing is known.
    public static final Identity NONE =
            new Identity(Optional.empty(), Optional.empty(), Optional.empty());

    /// An identity with only a name.
    public static Identity named(String name) {
        return new Identity(Optional.empty(), Optional.of(name), Optional.empty());
    }
}
