// SPDX-License-Identifier: Apache-2.0
package service;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.config.Configurator;

/** Logs three statements for each argument, or for each character of its input, on the console of its default configuration. */
public final class Log4jService {
    private static final Logger ORDERS = LogManager.getLogger("service.orders");
    private static final Logger OTHER = LogManager.getLogger("library.pool");

    public static void main(String[] arguments) throws Exception {
        Configurator.setRootLevel(Level.INFO);
        int order = 0;
        System.out.println("ready " + LogManager.getFactory().getClass().getName());
        while (arguments.length > order || arguments.length == 0 && System.in.read() >= 0) {
            ThreadContext.put("order", Integer.toString(++order));
            ORDERS.info("order {} of {}", order, "ann");
            ORDERS.debug("details");
            OTHER.error("no connection");
            ORDERS.error("failed", new IllegalStateException("no coins"));
            ThreadContext.clearAll();
            System.out.println("done");
        }
    }
}
