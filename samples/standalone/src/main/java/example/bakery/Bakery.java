// SPDX-License-Identifier: Apache-2.0
package example.bakery;

import dev.contrail.tracer.Tracer;

/** Bakes as many loaves as its argument says, or three. */
final class Bakery {
    private static final Baking TRACE = Tracer.bind(Baking.class);

    private Bakery() {}

    public static void main(String[] arguments) {
        int loaves = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        for (int loaf = 1; loaf <= loaves; loaf++) {
            TRACE.baked(loaf, loaf % 2 == 0 ? "rye" : "wheat");
        }
        TRACE.closed(loaves);
        System.out.println("baked " + loaves + " loaves");
    }
}
