// SPDX-License-Identifier: Apache-2.0
package guest.osgi.bundle;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import guest.Said;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Logs as its bundle starts and stops.
public final class Till implements BundleActivator {
    private static final org.slf4j.Logger LOGGER = LoggerFactory.getLogger("guest.bundle");

    /// Made by the framework.
    public Till() {}

    @Override
    public void start(BundleContext context) {
        MDC.put("bundle", context.getBundle().getSymbolicName());
        for (int i = 0; i < 20; i++) {
            LOGGER.debug("order {}", i);
            Said.note("guest.bundle", 10_000, "bundle=guest.till", "order " + i, null);
        }
        MDC.clear();
        var thrown = new IllegalStateException("no coins");
        LOGGER.error("failed", thrown);
        Said.note("guest.bundle", 40_000, "", "failed", thrown);
    }

    @Override
    public void stop(BundleContext context) {
        LOGGER.info("closed");
        Said.note("guest.bundle", 20_000, "", "closed", null);
        Said.print();
        System.out.println("loader " + LOGGER.getClass().getClassLoader().getClass().getName());
        var loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
        for (Logger each : loggers.getLoggerList()) {
            System.out.println("level of " + each.getName() + ": " + each.getLevel());
            each.iteratorForAppenders()
                    .forEachRemaining(
                            appender -> System.out.println("appender " + appender.getClass()));
        }
    }
}
