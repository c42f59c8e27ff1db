// SPDX-License-Identifier: Apache-2.0
package example.bakery;

import dev.contrail.tracer.Provider;

/** The bakery's events: {@code bakery:baked} and {@code bakery:closed}. */
@Provider("bakery")
interface Baking {
    void baked(int loaf, String flour);

    void closed(int loaves);
}
