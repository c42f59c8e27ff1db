// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program of somebody else's framework or language (the module `guests`): what it runs with, how
/// it ends, and by which event its log is recorded.
///
/// At its end it prints how logging is configured, and for each statement a line `logged
/// LOGGER|LEVEL|THREAD|CONTEXT|MESSAGE|THROWN`.
enum Guest {
    SPRING_LOGBACK("logback:event", 3),
    SPRING_LOG4J("lttng_log4j2:event", 3),
    TOMCAT("lttng_jul:event", 4),
    JBOSS("lttng_jul:event", 6),
    /// An OSGi framework with a bundle that has its own Logback.
    OSGI("logback:event", 7),
    KOTLIN("logback:event", 5),
    /// By an exception that nobody catches.
    SCALA("lttng_jul:event", 1);

    private static final Path TARGET = Machine.checkout().resolve("guests/target");
    private static final String CLASSES = TARGET.resolve("classes").toString();

    private final String event;
    private final int status;

    Guest(String event, int status) {
        this.event = event;
        this.status = status;
    }

    String event() {
        return event;
    }

    int status() {
        return status;
    }

    /// The words that start it.
    ///
    /// @param work a directory that it may fill
    List<String> command(Path jdk, Path work, List<String> options) throws IOException {
        var command = new ArrayList<String>();
        command.add(jdk.resolve("bin/java").toString());
        // Most of its time is its start.
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.addAll(
                switch (this) {
                    case SPRING_LOGBACK -> List.of("-jar", jar("-spring-logback"));
                    case SPRING_LOG4J -> List.of("-jar", jar("-spring-log4j"));
                    case TOMCAT -> {
                        Files.createDirectories(work);
                        yield List.of(
                                "-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager",
                                "-Djava.util.logging.config.file=" + CLASSES + "/tomcat.properties",
                                "-Dcatalina.base=" + work,
                                "-cp",
                                path("tomcat"),
                                "guest.tomcat.Server",
                                work.toString(),
                                TARGET.resolve("webapp").toString());
                    }
                    case JBOSS ->
                            List.of(
                                    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                    "-Dlogging.configuration=file:" + CLASSES + "/jboss.properties",
                                    "-cp",
                                    path("jboss"),
                                    "guest.jboss.Works");
                    case OSGI ->
                            List.of(
                                    "-Dlogback.configurationFile=logback-guest.xml",
                                    "-cp",
                                    path("osgi"),
                                    "guest.osgi.Bundles",
                                    work.toString(),
                                    TARGET.resolve("bundle.jar").toString());
                    case KOTLIN ->
                            List.of(
                                    "-Dlogback.configurationFile=logback-guest.xml",
                                    "-cp",
                                    path("kotlin"),
                                    "guest.kotlin.CoroutinesKt");
                    case SCALA ->
                            List.of(
                                    "-Djava.util.logging.config.file="
                                            + CLASSES
                                            + "/jdk.properties",
                                    "-cp",
                                    path("scala"),
                                    "guest.scala.Futures");
                });
        return command;
    }

    private static String path(String libraries) {
        return jar("") + ":" + TARGET.resolve(libraries) + "/*";
    }

    private static String jar(String suffix) {
        return TARGET.resolve("guests-0.1.0-SNAPSHOT" + suffix + ".jar").toString();
    }

    /// An agent that other people bring.
    static Path agent(String name) {
        return TARGET.resolve("agents/" + name + ".jar");
    }
}
