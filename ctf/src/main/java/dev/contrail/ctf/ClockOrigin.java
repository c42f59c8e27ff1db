// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

/// The moment that a clock's offset counts from (`ctf.md` section 12).
public sealed interface ClockOrigin {
    /// The first moment of 1970, UTC; in CTF 1.8 `absolute`.
    record UnixEpoch() implements ClockOrigin {}

    /// Some moment that the metadata does not name.
    record Unknown() implements ClockOrigin {}

    /// A moment that has a name of its own (CTF 2): clocks of an equal one can be compared.
    record Custom(Identity identity) implements ClockOrigin {}
}
