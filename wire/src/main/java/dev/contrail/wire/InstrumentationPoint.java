// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.util.List;

/// A place that can produce events, for `list`.
///
/// @param provider whom it belongs to: `PID: 1234 - Name: Shop`, empty in the kernel
/// @param logLevel its log level, or -1
/// @param fields `name (type)` lines, empty where the domain does not say
public record InstrumentationPoint(
        String provider, String name, PointType type, int logLevel, List<String> fields) {
    public InstrumentationPoint {
        fields = List.copyOf(fields);
    }
}
