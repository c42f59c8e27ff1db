// SPDX-License-Identifier: Apache-2.0
package org.apache.logging.log4j.jul;

import java.util.logging.Logger;

/// As Log4j's, which gives what is logged to Log4j and makes no record of `java.util.logging`.
public final class ApiLogger extends Logger {
    public ApiLogger(String name) {
        super(name, null);
    }

    @Override
    public void info(String message) {
        // to Log4j
    }
}
