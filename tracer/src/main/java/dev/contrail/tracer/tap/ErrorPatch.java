// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The errors of the JVM's that code makes with `new`, JDK 17 to 25: where the constructors end
/// that all their classes call.
public final class ErrorPatch extends LoggerPatch {
    private static final String CONSTRUCTOR = "<init>";
    private static final byte RETURN = (byte) 0xb1;

    public ErrorPatch() {
        super(Set.of("java/lang/VirtualMachineError"), List.of(TapClass.ERROR));
    }

    @Override
    protected byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException {
        ClassFile changed = file;
        for (String descriptor : file.descriptorsOf(CONSTRUCTOR)) {
            ClassFile.Code code = changed.codeOf(CONSTRUCTOR, descriptor);
            int end = code.length() - 1; // they have one instruction that returns, the last
            if (changed.bytes().get(code.from() + 8 + end) != RETURN) {
                throw new IllegalArgumentException("its constructors are others");
            }
            changed =
                    new ClassFile(
                            insert(changed, code, end, CallInsertion.ALOAD_0, TapClass.ERROR));
        }
        return changed.bytes().array();
    }
}
