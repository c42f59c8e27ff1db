// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Logback, from 1.2 to 1.6: where a logger gives an event, which has passed its level and the
/// turbo filters, to its appenders and those above it.
public final class LogbackPatch extends LoggerPatch {
    private static final String EVENT = "(Lch/qos/logback/classic/spi/ILoggingEvent;)V";

    public LogbackPatch() {
        super(Set.of("ch/qos/logback/classic/Logger"), List.of(TapClass.LOGBACK));
    }

    @Override
    protected byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException {
        ClassFile.Code code = file.codeOf("callAppenders", EVENT);
        return insert(file, code, 0, CallInsertion.ALOAD_1, TapClass.LOGBACK);
    }
}
