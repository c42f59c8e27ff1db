// SPDX-License-Identifier: Apache-2.0
package org.jboss.logmanager;

import java.util.logging.LogRecord;

/// A small stand-in for the logger of JBoss' log manager: what is like it is where the records go.
public final class Logger extends java.util.logging.Logger {
    private final LoggerNode node = new LoggerNode();

    public Logger(String name) {
        super(name, null);
    }

    @Override
    public void log(LogRecord record) {
        if (isLoggable(record.getLevel())) {
            logRaw((ExtLogRecord) record);
        }
    }

    public void logRaw(ExtLogRecord record) {
        record.setLoggerName(getName());
        if (getFilter() != null && !getFilter().isLoggable(record)) {
            return;
        }
        node.publish(record);
    }

    public int published() {
        return node.published();
    }
}
