// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import java.util.EnumSet;
import java.util.Set;

/// How events look as text; the options are babeltrace2's.
///
/// @param clockGmt whether times are in UTC rather than in local time
/// @param clockDate whether times have a date
/// @param clockSeconds whether times are seconds since the origin
/// @param clockCycles whether times are ticks of the stream's clock
/// @param withDelta whether the time since the event before is written
/// @param names what is written with a name before it
/// @param fields what is written of an event besides its name and fields
public record TextOptions(
        boolean clockGmt,
        boolean clockDate,
        boolean clockSeconds,
        boolean clockCycles,
        boolean withDelta,
        Colours colours,
        Set<NameGroup> names,
        Set<HeaderField> fields) {

    /// What may be written with names.
    public enum NameGroup {
        PAYLOAD,
        CONTEXT,
        HEADER,
        SCOPE
    }

    /// What may be written before an event's name.
    public enum HeaderField {
        TRACE,
        HOSTNAME,
        DOMAIN,
        PROCESS_NAME,
        PROCESS_ID,
        LOG_LEVEL,
        EMF_URI
    }

    /// How babeltrace2 prints events when it is not told otherwise.
    public static final TextOptions DEFAULT =
            new TextOptions(
                    false,
                    false,
                    false,
                    false,
                    true,
                    Colours.NONE,
                    EnumSet.of(NameGroup.PAYLOAD, NameGroup.CONTEXT),
                    EnumSet.of(
                            HeaderField.HOSTNAME,
                            HeaderField.PROCESS_NAME,
                            HeaderField.PROCESS_ID));

    public TextOptions {
        names = Set.copyOf(names);
        fields = Set.copyOf(fields);
    }
}
