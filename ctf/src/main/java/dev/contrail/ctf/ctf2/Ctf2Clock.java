// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.ClockOrigin;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.JsonValue;
import java.util.Optional;

/// Reads a clock class fragment of CTF 2 (`ctf.md` section 12).
final class Ctf2Clock {
    private Ctf2Clock() {}

    /// @param where the fragment is, for messages
    static ClockClass read(String where, JsonProperties fragment) throws CtfException {
        String id = fragment.needText("id");
        long frequency = fragment.needBounded("frequency", 1, Long.MAX_VALUE);
        long seconds = 0;
        long cycles = 0;
        Optional<JsonValue> offset = fragment.take("offset-from-origin");
        if (offset.isPresent()) {
            var told = new JsonProperties(where, offset.get(), "`offset-from-origin`");
            seconds = told.bounded("seconds", 0, Long.MIN_VALUE, Long.MAX_VALUE);
            cycles = told.bounded("cycles", 0, 0, frequency - 1);
            told.end();
        }
        return new ClockClass(
                id,
                fragment.identity(),
                fragment.text("description").orElse(""),
                frequency,
                fragment.unsigned("precision", -1),
                fragment.unsigned("accuracy", -1),
                seconds,
                cycles,
                origin(where, fragment.take("origin")));
    }

    private static ClockOrigin origin(String where, Optional<JsonValue> told) throws CtfException {
        if (told.isEmpty()) {
            return new ClockOrigin.Unknown();
        }
        if (told.get() instanceof JsonValue.Text(int _, String word)) {
            if (word.equals("unix-epoch")) {
                return new ClockOrigin.UnixEpoch();
            }
            throw JsonProperties.wanted(where, told.get(), "unix-epoch or an object: `origin`");
        }
        var properties = new JsonProperties(where, told.get(), "`origin`");
        properties.need("name");
        properties.need("uid");
        var origin = new ClockOrigin.Custom(properties.identity());
        properties.end();
        return origin;
    }
}
