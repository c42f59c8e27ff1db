// SPDX-License-Identifier: Apache-2.0
package guest.tomcat;

import guest.Said;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/// Serves one web application, asks it some questions, prints what its log files hold, and ends
/// with status 4.
public final class Server {
    private Server() {}

    /// @param arguments an empty directory to work in, and the web application's
    public static void main(String[] arguments) throws Exception {
        Path base = Path.of(arguments[0]);
        System.setProperty("catalina.base", base.toString());
        Logger logger = Logger.getLogger("guest.server");
        var tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        Context context =
                tomcat.addContext("/shop", Path.of(arguments[1]).toAbsolutePath().toString());
        var loader = new org.apache.catalina.loader.WebappLoader();
        loader.setDelegate(false);
        context.setLoader(loader);
        Tomcat.addServlet(context, "till", "guest.tomcat.webapp.Till").addMapping("/till");
        tomcat.start();
        int port = tomcat.getConnector().getLocalPort();
        logger.info("serving");
        Said.note("guest.server", 800, "", "serving", null);
        for (int i = 0; i < 10; i++) {
            System.out.println(get(port, "/shop/till?order=" + i));
        }
        tomcat.stop();
        tomcat.destroy();
        Said.print();
        System.out.println("manager " + LogManager.getLogManager().getClass().getName());
        for (String name : new String[] {"", "guest", "guest.server", "org.apache.catalina"}) {
            Logger each = LogManager.getLogManager().getLogger(name);
            if (each == null) {
                System.out.println("no logger \"" + name + "\"");
                continue;
            }
            System.out.println("logger \"" + name + "\" " + each.getLevel());
            for (Handler handler : each.getHandlers()) {
                System.out.println(
                        "handler " + handler.getClass().getName() + " " + handler.getLevel());
            }
        }
        printFiles(base.resolve("logs"));
        System.exit(4);
    }

    private static String get(int port, String path) throws IOException {
        URI address = URI.create("http://127.0.0.1:" + port + path);
        try (InputStream in = address.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static void printFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path each : files.sorted().toList()) {
                System.out.println("file " + each.getFileName());
                System.out.println(Files.readString(each));
            }
        }
    }
}
