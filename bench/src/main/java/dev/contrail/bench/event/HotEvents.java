// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import dev.contrail.tracer.Provider;

/// The events that the session of `event-cost.sh` records.
@Provider("hot")
public interface HotEvents {
    void paid(int cents, long order, String currency);
}
