// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The JDK's way of an exception that nobody has caught: where the outermost group of threads asks
/// for the default handler, JDK 17 to 25.
public final class ThreadGroupPatch extends LoggerPatch {
    private static final int ALOAD_2 = 0x2c;

    public ThreadGroupPatch() {
        super(Set.of("java/lang/ThreadGroup"), List.of(TapClass.UNCAUGHT));
    }

    @Override
    protected byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException {
        ClassFile.Code code =
                file.codeOf("uncaughtException", "(Ljava/lang/Thread;Ljava/lang/Throwable;)V");
        Place place = callIn(file, code, "getDefaultUncaughtExceptionHandler");
        if (place == null) {
            throw new IllegalArgumentException("its method uncaughtException is another one");
        }
        return insert(file, code, place.call(), ALOAD_2, TapClass.UNCAUGHT);
    }
}
