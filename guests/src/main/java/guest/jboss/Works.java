// SPDX-License-Identifier: Apache-2.0
package guest.jboss;

import guest.Said;
import java.util.Enumeration;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.MDC;

/// Logs through the log manager of WildFly and Quarkus, its own way and that of
/// `java.util.logging`, and ends with status 6.
public final class Works {
    private static final Logger OWN = Logger.getLogger("guest.own");
    private static final java.util.logging.Logger PLAIN =
            java.util.logging.Logger.getLogger("guest.plain");

    private Works() {}

    /// @param arguments none
    public static void main(String[] arguments) throws Exception {
        work("ann");
        Thread other = new Thread(() -> work("bob"), "works-2");
        other.start();
        other.join();
        Said.print();
        System.out.println("manager " + LogManager.getLogManager().getClass().getName());
        LogContext context = LogContext.getLogContext();
        for (Enumeration<String> names = context.getLoggerNames(); names.hasMoreElements(); ) {
            Logger each = context.getLoggerIfExists(names.nextElement());
            if (each != null && (each.getLevel() != null || each.getHandlers().length > 0)) {
                System.out.println("logger \"" + each.getName() + "\" " + each.getLevel());
                for (Handler handler : each.getHandlers()) {
                    System.out.println(
                            "handler " + handler.getClass().getName() + " " + handler.getLevel());
                }
            }
        }
        System.exit(6);
    }

    private static void work(String user) {
        OWN.log(Level.TRACE, "not wanted");
        MDC.put("user", user);
        OWN.log(Level.INFO, "paid {0} of {1}", new Object[] {3, 4});
        Said.note("guest.own", 800, "user=" + user, "paid 3 of 4", null);
        var thrown = new IllegalStateException("no coins for " + user);
        OWN.log(Level.ERROR, "failed", thrown);
        Said.note("guest.own", 1000, "user=" + user, "failed", thrown);
        PLAIN.log(java.util.logging.Level.WARNING, "plain", thrown);
        Said.note("guest.plain", 900, "user=" + user, "plain", thrown);
        MDC.clear();
        PLAIN.fine("nobody prints this one");
        Said.note("guest.plain", 500, "", "nobody prints this one", null);
    }
}
