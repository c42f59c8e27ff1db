// SPDX-License-Identifier: Apache-2.0
package service;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Logs three statements for each argument, or for each character of its input, as its default configuration says. */
public final class LogbackService {
    private static final Logger ORDERS = LoggerFactory.getLogger("service.orders");
    private static final Logger OTHER = LoggerFactory.getLogger("library.pool");

    public static void main(String[] arguments) throws Exception {
        int order = 0;
        System.out.println("ready " + LoggerFactory.getILoggerFactory().getClass().getName());
        while (arguments.length > order || arguments.length == 0 && System.in.read() >= 0) {
            MDC.put("order", Integer.toString(++order));
            ORDERS.info("order {} of {}", order, "ann");
            ORDERS.debug("details");
            OTHER.error("no connection");
            ORDERS.error("failed", new IllegalStateException("no coins"));
            MDC.clear();
            System.out.println("done");
        }
    }
}
