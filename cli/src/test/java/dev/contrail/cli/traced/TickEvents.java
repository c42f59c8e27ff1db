// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.traced;

import dev.contrail.tracer.Provider;

/// Numbered events.
@Provider("count")
public interface TickEvents {
    /// The `number`th event of a thread, counted from 1.
    void tick(int thread, long number);

    /// With a text.
    void said(String text);
}
