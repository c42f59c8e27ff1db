// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import dev.contrail.tracer.Tracer;

/// Emits as many events as the argument says, prints `FULL` and waits for the end of its input.
final class FillRing {
    /// Binding waits for the daemon's orders.
    private static final HotEvents HOT = Tracer.bind(HotEvents.class);

    private FillRing() {}

    public static void main(String[] arguments) throws Exception {
        int events = Integer.parseInt(arguments[0]);
        for (int i = 0; i < events; i++) {
            HOT.paid(i, 1L + i, "EUR");
        }
        System.out.println("FULL");
        System.in.read();
    }
}
