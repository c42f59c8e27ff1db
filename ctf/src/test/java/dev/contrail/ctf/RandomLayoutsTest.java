// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.FieldClass.VariantClass;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Random layouts try writers, decoders and generated decoders: what is not among them is tried by
/// none of these.
class RandomLayoutsTest {
    private static final int SEEDS = 500;
    private static final String ROOM = FieldClass.class.getPackageName();

    @Test
    void haveFieldsOfEveryClass() throws ReflectiveOperationException {
        var found = new HashSet<Class<?>>();
        for (int seed = 0; seed < SEEDS; seed++) {
            collect(RandomLayouts.metadata(new Random(seed)), found);
        }
        found.add(VariantClass.class); // of TSDL alone: RandomTypes of the room analysis has it

        assertThat(names(found)).isEqualTo(names(leaves(FieldClass.class, new HashSet<>())));
    }

    private static Set<String> names(Set<Class<?>> classes) {
        var names = new TreeSet<String>();
        classes.forEach(each -> names.add(each.getSimpleName()));
        return names;
    }

    private static Set<Class<?>> leaves(Class<?> type, Set<Class<?>> leaves) {
        if (!type.isSealed()) {
            leaves.add(type);
            return leaves;
        }
        for (Class<?> each : type.getPermittedSubclasses()) {
            leaves(each, leaves);
        }
        return leaves;
    }

    /// The classes of all field classes that records hold.
    private static void collect(Object value, Set<Class<?>> found)
            throws ReflectiveOperationException {
        if (value instanceof Collection<?> several) {
            for (Object each : several) {
                collect(each, found);
            }
        } else if (value instanceof Record && value.getClass().getPackageName().startsWith(ROOM)) {
            if (value instanceof FieldClass) {
                found.add(value.getClass());
            }
            collectComponents(value, found);
        }
    }

    private static void collectComponents(Object value, Set<Class<?>> found)
            throws ReflectiveOperationException {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            collect(component.getAccessor().invoke(value), found);
        }
    }
}
