// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.event.ValueReader;
import dev.contrail.tracer.logging.Nesting;

/// Says which object it is: its class and its identity hash code, as `com.shop.Order@1b6d3586`;
/// `null` for null. Where the methods that this calls have been instrumented to do the same, their
/// own events have the class only.
final class ObjectIdentity extends ValueReader {
    static final ObjectIdentity READER = new ObjectIdentity();

    private ObjectIdentity() {}

    @Override
    public String text(Object from) {
        return of(from);
    }

    static String of(Object object) {
        if (object == null) {
            return "null";
        }
        String name = object.getClass().getName();
        int[] depth = Nesting.depth();
        if (depth[0] > 0) {
            return name;
        }
        depth[0]++;
        try {
            return name + "@" + Integer.toHexString(System.identityHashCode(object));
        } finally {
            depth[0]--; // no call: there may be no stack for one
        }
    }
}
