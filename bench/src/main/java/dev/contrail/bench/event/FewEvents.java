// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import dev.contrail.tracer.Provider;

/// The same events as [HotEvents], which the session of `event-cost.sh` wants, but for a filter
/// that rejects each.
@Provider("few")
public interface FewEvents {
    /// By an integer.
    void integer(int cents, long order, String currency);

    /// By a string, and then an integer.
    void text(int cents, long order, String currency);
}
