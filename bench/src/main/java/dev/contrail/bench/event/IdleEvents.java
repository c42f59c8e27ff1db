// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import dev.contrail.tracer.Provider;

/// The same events as [HotEvents], which no session records.
@Provider("idle")
public interface IdleEvents {
    void paid(int cents, long order, String currency);
}
