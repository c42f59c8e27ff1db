// SPDX-License-Identifier: Apache-2.0
package guest.spring;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/// What Logback is configured to write to.
final class LogbackAppenders {
    private LogbackAppenders() {}

    static void print() {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        for (Logger each : context.getLoggerList()) {
            each.iteratorForAppenders()
                    .forEachRemaining(appender ->
                            System.out.println(
                                    "appender of "
                                            + each.getName()
                                            + ": "
                                            + appender.getName()
                                            + " "
                                            + appender.getClass().getName()));
        }
        System.out.println("filters " + context.getTurboFilterList());
    }
}
