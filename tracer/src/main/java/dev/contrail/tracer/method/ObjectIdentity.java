// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.event.ValueReader;
import dev.contrail.tracer.logging.Nesting;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Says which object it is: its class and its identity hash code, as `com.shop.Order@1b6d3586`;
/// `null` for null. Of a string, or a number, truth value or character in a box, it is the value,
/// of a constant of an enum its name. All that is called is the JDK's. Where the methods that this
/// calls have been instrumented to do the same, their own events have the class only.
final class ObjectIdentity extends ValueReader {
    static final ObjectIdentity READER = new ObjectIdentity();

    private static final Set<Class<?>> BOXES =
            Set.of(
                    Boolean.class,
                    Byte.class,
                    Short.class,
                    Character.class,
                    Integer.class,
                    Long.class,
                    Float.class,
                    Double.class);

    private ObjectIdentity() {}

    /// Has the JDK load what it needs for any object.
    static void prepare() {
        for (Object each :
                new Object[] {
                    true, (byte) 1, (short) 1, 'x', 1, 1L, 1.5f, 1.5, TimeUnit.DAYS, ""
                }) {
            of(each);
        }
    }

    @Override
    public String text(Object from) {
        return of(from);
    }

    static String of(Object object) {
        if (object == null) {
            return "null";
        }
        if (object instanceof String text) { // where the method declares something wider
            return text;
        }
        String name = object.getClass().getName();
        int[] depth = Nesting.depth();
        if (depth[0] > 0) {
            return name;
        }
        depth[0]++;
        try {
            if (BOXES.contains(object.getClass())) {
                return object.toString();
            }
            if (object instanceof Enum<?> constant) {
                return constant.name();
            }
            return name + "@" + Integer.toHexString(System.identityHashCode(object));
        } finally {
            depth[0]--; // no call: there may be no stack for one
        }
    }
}
