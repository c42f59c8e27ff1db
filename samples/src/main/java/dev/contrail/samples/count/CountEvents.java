// SPDX-License-Identifier: Apache-2.0
package dev.contrail.samples.count;

import dev.contrail.tracer.Provider;

/// Numbered events.
@Provider("count")
public interface CountEvents {
    /// The `number`th event of a thread, counted from 1.
    void tick(int thread, long number);
}
