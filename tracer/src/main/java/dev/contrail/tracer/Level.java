// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The log level of an event, as LTTng-UST numbers them: 0 is an emergency, 14 is debugging.
/// Without it an event has [#DEBUG_LINE], like an LTTng-UST tracepoint.
///
/// Beside `import java.util.logging.*` it needs an import of its own: `import
/// dev.contrail.tracer.Level;`.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Level {
    int EMERGENCY = 0;
    int ALERT = 1;
    int CRITICAL = 2;
    int ERROR = 3;
    int WARNING = 4;
    int NOTICE = 5;
    int INFO = 6;
    int DEBUG_SYSTEM = 7;
    int DEBUG_PROGRAM = 8;
    int DEBUG_PROCESS = 9;
    int DEBUG_MODULE = 10;
    int DEBUG_UNIT = 11;
    int DEBUG_FUNCTION = 12;
    int DEBUG_LINE = 13;
    int DEBUG = 14;

    /// 0 (most severe) to 14.
    int value();
}
