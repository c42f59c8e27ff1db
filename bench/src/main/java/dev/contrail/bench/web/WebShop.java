// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.apache.catalina.startup.Tomcat;

/// A shop on Tomcat: `DIRECTORY [HANDLER]`. Prints its port, and serves `/order?n=NUMBER` until it
/// is killed. For each order it looks up a dozen prices, changes the stock under a lock, logs two
/// lines to a file, and answers with a kilobyte of JSON. `HANDLER` is the class of one more handler
/// of the logs.
public final class WebShop extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = Logger.getLogger("bench.shop");
    private static final int ITEMS = 12;
    private static final int GOODS = 1000;
    private static final Map<String, Integer> PRICES = new ConcurrentHashMap<>();
    private static final int[] STOCK = new int[GOODS];

    private WebShop() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < GOODS; i++) {
            PRICES.put("item-" + i, 100 + i);
        }
        logTo(new FileHandler(Path.of(arguments[0], "shop.log").toString()));
        if (arguments.length > 1) {
            LOGGER.addHandler((Handler) Class.forName(arguments[1]).getConstructor().newInstance());
        }
        var tomcat = new Tomcat();
        tomcat.setBaseDir(arguments[0]);
        tomcat.setPort(0);
        var context = tomcat.addContext("", arguments[0]);
        var wrapper = Tomcat.addServlet(context, "shop", new WebShop());
        wrapper.addMapping("/order");
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        tomcat.start();
        System.out.println(tomcat.getConnector().getLocalPort());
        tomcat.getServer().await();
    }

    private static void logTo(FileHandler file) {
        file.setFormatter(new SimpleFormatter());
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(file);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        int number = Integer.parseInt(request.getParameter("n"));
        LOGGER.log(Level.INFO, "order {0}", number);
        var answer = new StringBuilder("{\"order\":").append(number).append(",\"items\":[");
        int sum = 0;
        for (int i = 0; i < ITEMS; i++) {
            int good = (number * 31 + i * 7919) % GOODS;
            String name = "item-" + good;
            int price = PRICES.getOrDefault(name, 0);
            sum += price;
            answer.append(i == 0 ? "" : ",")
                    .append(
                            "{\"name\":\"%s\",\"price\":%d,\"left\":%d}"
                                    .formatted(name, price, take(good)));
        }
        answer.append("],\"sum\":").append(sum).append('}');
        LOGGER.log(Level.INFO, "order {0} costs {1}", new Object[] {number, sum});
        response.setContentType("application/json");
        response.getWriter().print(answer);
    }

    private static int take(int good) {
        synchronized (STOCK) {
            return --STOCK[good];
        }
    }
}
