// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The JDK's ways out, JDK 17 to 25: where `System.exit` and the signals that end a program begin
/// the shutdown, and where `Runtime.halt` does without one.
public final class ShutdownPatch extends LoggerPatch {
    private static final String SHUTDOWN = "java/lang/Shutdown";
    private static final String STATUS = "(I)V";

    public ShutdownPatch() {
        super(Set.of(SHUTDOWN, "java/lang/Runtime"), List.of(TapClass.EXIT, TapClass.HALT));
    }

    @Override
    protected byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException {
        if (className.equals(SHUTDOWN)) {
            ClassFile.Code exit = file.codeOf("exit", STATUS);
            return insert(file, exit, 0, CallInsertion.ILOAD_0, TapClass.EXIT);
        }
        ClassFile.Code halt = file.codeOf("halt", STATUS);
        Place place = callIn(file, halt, "halt" + STATUS);
        if (place == null) {
            throw new IllegalArgumentException("its method halt is another one");
        }
        return insert(file, halt, place.call(), CallInsertion.ILOAD_1, TapClass.HALT);
    }
}
