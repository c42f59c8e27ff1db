// SPDX-License-Identifier: Apache-2.0
package org.jboss.logmanager;

/// A node of a tree of loggers that is not that of `java.util.logging`.
final class LoggerNode {
    private int published;

    void publish(ExtLogRecord record) {
        if (record != null) {
            published++;
        }
    }

    int published() {
        return published;
    }
}
