// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Log4j 2, from 2.17 to 2.26: the configuration of a logger, in two places.
///
/// It is *offered* an event by each of the methods that loggers call (`log` of an event or of what
/// makes one), and by no other: what it passes on to the configurations above it does not come that
/// way, so a statement is offered once. Its own filter has not been asked then. Where it has one,
/// the event counts when it has *passed*.
///
/// Behind asynchronous loggers (`AsyncLogger`) it is offered by their background thread; of an
/// asynchronous configuration (`AsyncLoggerConfig`) still by the thread that logs.
public final class Log4jPatch extends LoggerPatch {
    private static final String EVENT = "(Lorg/apache/logging/log4j/core/LogEvent;";

    /// Of the event and of which configurations may handle it: what all the others end in.
    private static final String LOG = "log" + EVENT + "L";

    private static final String PASSED = "processLogEvent";

    public Log4jPatch() {
        super(
                Set.of("org/apache/logging/log4j/core/config/LoggerConfig"),
                List.of(TapClass.LOG4J_OFFERED, TapClass.LOG4J_PASSED));
    }

    @Override
    protected byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException {
        ClassFile changed = file;
        int offers = 0;
        for (String descriptor : file.descriptorsOf("log")) {
            ClassFile.Code code = changed.codeOf("log", descriptor);
            Place place = callIn(changed, code, LOG);
            if (place != null) { // in front of the last operand: the configuration and the event
                changed = insert(changed, code, place.before(), TapClass.LOG4J_OFFERED);
                offers++;
            }
        }
        List<String> passed = file.descriptorsOf(PASSED);
        if (offers < 2 || passed.size() != 1) {
            throw new IllegalArgumentException("its methods are others");
        }
        ClassFile.Code code = changed.codeOf(PASSED, passed.get(0));
        Place place = callIn(changed, code, "isIncludeLocation()Z");
        if (place == null) { // event.setIncludeLocation(isIncludeLocation())
            throw new IllegalArgumentException("its method " + PASSED + " is another one");
        }
        return insert(changed, code, place.call(), TapClass.LOG4J_PASSED).array();
    }

    private static ClassFile insert(ClassFile file, ClassFile.Code code, int at, TapClass tap)
            throws IOException {
        return new ClassFile(insert(file, code, at, CallInsertion.DUP2, tap));
    }
}
