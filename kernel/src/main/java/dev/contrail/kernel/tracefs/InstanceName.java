// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names a tracefs instance after who uses it: numbers only, because names of sessions collide and
/// may be too long for a directory (`kernel-tracing.md` section 13).
///
/// @param isPrivate whether the daemon lives inside a command: when it has ended, nobody takes over
public record InstanceName(int uid, UUID daemon, long session, int channel, boolean isPrivate) {
    private static final String PRIVATE = ".private";
    private static final Pattern FORM =
            Pattern.compile(
                    "contrail\\.(\\d{1,10})\\.([0-9a-f-]{36})\\.(\\d{1,20})\\.(\\d{1,9})"
                            + "(\\.private)?");

    /// The name of an instance of ours; empty for any other.
    public static Optional<InstanceName> parse(String untrustedName) {
        Matcher form = FORM.matcher(untrustedName);
        if (!form.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new InstanceName(
                            Integer.parseInt(form.group(1)),
                            UUID.fromString(form.group(2)),
                            Long.parseUnsignedLong(form.group(3)),
                            Integer.parseInt(form.group(4)),
                            form.group(5) != null));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "contrail.%d.%s.%s.%d%s"
                .formatted(
                        uid,
                        daemon,
                        Long.toUnsignedString(session),
                        channel,
                        isPrivate ? PRIVATE : "");
    }
}
