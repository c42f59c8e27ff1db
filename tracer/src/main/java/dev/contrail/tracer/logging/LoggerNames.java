// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.process.TracerThread;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/// The loggers of a log system that there are, looked up once, when somebody asks. A `LogManager`
/// may be the application's and take its time: so it is asked by a thread that nobody waits for.
public final class LoggerNames implements Runnable {
    /// More are not told.
    private static final int MOST = 1 << 16;

    private final LogSystem system;
    private final @Nullable Instrumentation agent;
    private final Runnable whenDone;
    private volatile @Nullable List<String> found;

    LoggerNames(LogSystem system, @Nullable Instrumentation agent, Runnable whenDone) {
        this.system = system;
        this.agent = agent;
        this.whenDone = whenDone;
    }

    void start() {
        try {
            TracerThread.named("contrail-loggers", this).start();
        } catch (Throwable e) {
            found = List.of(); // no thread to be had
        }
    }

    public boolean isDone() {
        return found != null;
    }

    public LogSystem system() {
        return system;
    }

    /// Empty while the application has not begun to log.
    @SuppressWarnings("NullAway") // asked for when done
    public List<String> found() {
        return found;
    }

    @Override
    public void run() {
        List<String> names = new ArrayList<>();
        try {
            list(names);
        } catch (Throwable e) {
            // What is the application's failed: what it has told until then.
        }
        found = names;
        whenDone.run();
    }

    private void list(List<String> names) throws Exception {
        switch (system) {
            case JUL -> {
                if (isManagerThere()) {
                    listManaged(names);
                }
            }
            case LOGBACK -> {
                if (agent != null) {
                    ContextLoggers.ofLogback(agent, name -> add(name, names));
                }
            }
            case LOG4J2 -> {
                if (agent != null) {
                    ContextLoggers.ofLog4j(agent, name -> add(name, names));
                }
            }
        }
    }

    private static void add(String name, List<String> names) {
        if (names.size() < MOST) {
            names.add(name);
        }
    }

    private boolean isManagerThere() throws Exception {
        return agent == null ? HandledRecords.areSeen() : ManagerState.isInitialized(agent);
    }

    private static void listManaged(List<String> names) {
        LogManager manager = LogManager.getLogManager();
        boolean forgets = forgets(manager);
        Enumeration<String> all = manager.getLoggerNames();
        while (all.hasMoreElements() && names.size() < MOST) {
            String name = all.nextElement();
            if (!forgets || manager.getLogger(name) != null) {
                names.add(name);
            }
        }
    }

    /// Whether [LogManager#getLogger] tells that a logger has been collected, as the JDK's does.
    /// Others make a new one.
    private static boolean forgets(LogManager manager) {
        try {
            return manager.getClass().getMethod("getLogger", String.class).getDeclaringClass()
                    == LogManager.class;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }
}
