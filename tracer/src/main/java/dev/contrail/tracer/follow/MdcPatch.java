// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.follow;

import dev.contrail.tracer.tap.CallInsertion;
import dev.contrail.tracer.tap.ClassFile;
import dev.contrail.tracer.tap.LoggerPatch;
import dev.contrail.tracer.tap.TapClass;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What programs change their mapped diagnostic context by: `MDC` of SLF4J, 1.7 and 2.0, whatever
/// is behind it, and `ThreadContext` of Log4j 2, from 2.17 to 2.26.
///
/// The calls stand in front of the change.
final class MdcPatch extends LoggerPatch {
    /// Takes a key and its value.
    private static final TapClass PUT = TapClass.beside("ContrailMdcPutTap", 2);

    /// Takes a map whose entries are added.
    private static final TapClass PUT_ALL = TapClass.beside("ContrailMdcPutAllTap", 1);

    /// Takes a key, or several, that go.
    private static final TapClass REMOVE = TapClass.beside("ContrailMdcRemoveTap", 1);

    /// Takes the map that is all there is from now on; null: an empty one.
    private static final TapClass REPLACE = TapClass.beside("ContrailMdcReplaceTap", 1);

    private static final String SLF4J = "org/slf4j/MDC";
    private static final String LOG4J = "org/apache/logging/log4j/ThreadContext";
    private static final String KEY_AND_VALUE = "(Ljava/lang/String;Ljava/lang/String;)V";
    private static final String KEY = "(Ljava/lang/String;)V";
    private static final String KEYS = "(Ljava/lang/Iterable;)V";
    private static final String MAP = "(Ljava/util/Map;)V";

    /// The classes that it changes.
    static final Set<String> CLASSES = Set.of(SLF4J, LOG4J);

    private final MdcValues values;

    MdcPatch(MdcValues values) {
        super(CLASSES, List.of(PUT, PUT_ALL, REMOVE, REPLACE));
        this.values = values;
    }

    /// What its taps call, in their order.
    List<?> targets() {
        return List.of(values.put, values.putAll, values.remove, values.replace);
    }

    @Override
    protected byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException {
        ClassFile changed = beforeCall(file, "put");
        if (className.equals(SLF4J)) {
            changed = atBegin(changed, "remove", KEY, CallInsertion.ALOAD_0, REMOVE);
            changed = atBegin(changed, "clear", "()V", CallInsertion.ACONST_NULL, REPLACE);
            changed = atBegin(changed, "setContextMap", MAP, CallInsertion.ALOAD_0, REPLACE);
        } else {
            changed = beforeCall(changed, "putIfNull");
            changed = atBegin(changed, "putAll", MAP, CallInsertion.ALOAD_0, PUT_ALL);
            changed = atBegin(changed, "remove", KEY, CallInsertion.ALOAD_0, REMOVE);
            changed = atBegin(changed, "removeAll", KEYS, CallInsertion.ALOAD_0, REMOVE);
            changed = atBegin(changed, "clearMap", "()V", CallInsertion.ACONST_NULL, REPLACE);
        }
        values.areThere();
        return changed.array();
    }

    /// Where the method gives key and value to what keeps them.
    private static ClassFile beforeCall(ClassFile file, String method) throws IOException {
        ClassFile.Code code = file.codeOf(method, KEY_AND_VALUE);
        Place place = callIn(file, code, "put" + KEY_AND_VALUE);
        if (place == null) {
            throw new IllegalArgumentException("its method " + method + " is another one");
        }
        return new ClassFile(insert(file, code, place.call(), CallInsertion.DUP2, PUT));
    }

    private static ClassFile atBegin(
            ClassFile file, String method, String descriptor, int push, TapClass tap)
            throws IOException {
        ClassFile.Code code = file.codeOf(method, descriptor);
        return new ClassFile(insert(file, code, 0, push, tap));
    }
}
