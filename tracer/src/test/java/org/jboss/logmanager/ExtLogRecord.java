// SPDX-License-Identifier: Apache-2.0
package org.jboss.logmanager;

import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// A record with a format of its own, as JBoss' log manager has.
public final class ExtLogRecord extends LogRecord {
    private static final long serialVersionUID = 1;

    public ExtLogRecord(Level level, String message, Object... parameters) {
        super(level, message);
        setParameters(parameters);
    }

    public Map<String, String> getMdcCopy() {
        return getParameters().length == 0 ? Map.of() : Map.of("order", "17");
    }

    public String getFormattedMessage() {
        return String.format(getMessage(), getParameters());
    }
}
