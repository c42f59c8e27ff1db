// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.text.Colours;
import java.util.List;

/// The parameters of `sink.text.details`; a name says what is written when it is set.
///
/// @param isCompact one line a message
/// @param withColor whether text is coloured: on a terminal, unless the user says no
/// @param withUuid also the unique identifiers of CTF 2
public record DetailsOptions(
        boolean isCompact,
        boolean withColor,
        boolean withData,
        boolean withMetadata,
        boolean withStreamClassName,
        boolean withStreamName,
        boolean withTime,
        boolean withTraceName,
        boolean withUuid) {
    /// Their names, sorted.
    public static final List<String> PARAMETERS =
            List.of(
                    "color",
                    "compact",
                    "with-data",
                    "with-metadata",
                    "with-stream-class-name",
                    "with-stream-name",
                    "with-time",
                    "with-trace-name",
                    "with-uuid");

    /// @param component the sink with its parameters
    /// @param colours of where text goes
    public static DetailsOptions of(Component component, Colours colours) throws UsageException {
        return new DetailsOptions(
                component.isSet("compact", false),
                isColored(component.text("color", "auto"), colours),
                component.isSet("with-data", true),
                component.isSet("with-metadata", true),
                component.isSet("with-stream-class-name", true),
                component.isSet("with-stream-name", true),
                component.isSet("with-time", true),
                component.isSet("with-trace-name", true),
                component.isSet("with-uuid", true));
    }

    /// As in babeltrace2 2.0.4, `always` colours nothing but terminals.
    private static boolean isColored(String color, Colours colours) throws UsageException {
        return switch (color) {
            case "never" -> false;
            case "auto", "always" -> colours == Colours.TERMINAL;
            default ->
                    throw new UsageException(
                            "Unknown colour `%s`, want never, auto or always".formatted(color));
        };
    }
}
