// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/// Where our handler hangs: at the root, and at loggers that do not pass records on to their
/// parents. Levels, other handlers and their order are left alone.
final class JulHandlers {
    private static final Handler OURS = new JulHandler();

    private JulHandlers() {}

    /// Puts the handler where it is missing, and takes it from where a record would meet it twice.
    ///
    /// @return the names of all loggers
    static List<String> install() {
        LogManager manager = LogManager.getLogManager();
        List<String> names = names();
        for (String name : names) {
            Logger logger = manager.getLogger(name);
            if (logger == null) continue; // collected
            boolean isWanted = name.isEmpty() || !logger.getUseParentHandlers();
            boolean isThere = Arrays.asList(logger.getHandlers()).contains(OURS);
            if (isWanted && !isThere) logger.addHandler(OURS);
            if (!isWanted && isThere) logger.removeHandler(OURS);
        }
        return names;
    }

    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (String name : Collections.list(LogManager.getLogManager().getLoggerNames()))
            names.add(name);
        return names;
    }
}
