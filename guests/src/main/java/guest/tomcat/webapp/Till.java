// SPDX-License-Identifier: Apache-2.0
package guest.tomcat.webapp;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Logs three statements for each request, and answers how they are handled here.
public final class Till extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = Logger.getLogger("guest.till");

    /// Made by Tomcat.
    public Till() {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String order = request.getParameter("order");
        var answer = new StringBuilder();
        LOGGER.log(Level.FINE, "order {0}", order);
        note(answer, 500, "order " + order, "");
        LOGGER.finer("not wanted");
        var thrown = new IllegalStateException("no coins for " + order);
        LOGGER.log(Level.WARNING, "failed", thrown);
        note(answer, 900, "failed", thrown.toString());
        answer.append("loader ").append(getClass().getClassLoader().getClass().getName());
        for (Logger each = LOGGER; each != null; each = each.getParent()) {
            answer.append("\nlogger \"%s\" %s".formatted(each.getName(), each.getLevel()));
            for (Handler handler : each.getHandlers()) {
                answer.append("\nhandler ")
                        .append(handler.getClass().getName())
                        .append(' ')
                        .append(handler.getLevel());
            }
        }
        response.setContentType("text/plain");
        response.getWriter().println(answer);
    }

    private static void note(StringBuilder answer, int level, String message, String thrown) {
        answer.append(
                "logged guest.till|%d|%s||%s|%s%n"
                        .formatted(level, Thread.currentThread().getName(), message, thrown));
    }
}
