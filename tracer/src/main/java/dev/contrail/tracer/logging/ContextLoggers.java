// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.code.PrivateLookup;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// The loggers of log systems that an application brings, in all class loaders. Where nobody has
/// begun to log, nothing is asked, because the question would configure the log system.
final class ContextLoggers {
    private static final String SLF4J = "org.slf4j.LoggerFactory";
    private static final String LOGBACK = "ch.qos.logback.classic.LoggerContext";
    private static final String LOG4J = "org.apache.logging.log4j.LogManager";

    /// `LoggerFactory.SUCCESSFUL_INITIALIZATION`
    private static final int IS_CONFIGURED = 3;

    private ContextLoggers() {}

    /// Tells the names of all loggers of Logback that is behind SLF4J.
    static void ofLogback(Instrumentation agent, Consumer<String> names) throws Exception {
        for (Class<?> factory : begun(agent, SLF4J)) {
            MethodHandles.Lookup lookup =
                    MethodHandles.privateLookupIn(factory, MethodHandles.lookup());
            int state =
                    (int)
                            lookup.findStaticVarHandle(factory, "INITIALIZATION_STATE", int.class)
                                    .get();
            if (state != IS_CONFIGURED) {
                continue;
            }
            Object context = factory.getMethod("getILoggerFactory").invoke(null);
            if (context != null && context.getClass().getName().equals(LOGBACK)) {
                tell(ask(context, "getLoggerList"), names);
            }
        }
    }

    /// Tells the names of all loggers of Log4j 2, of each of its contexts.
    static void ofLog4j(Instrumentation agent, Consumer<String> names) throws Exception {
        for (Class<?> manager : begun(agent, LOG4J)) {
            Object factory = manager.getMethod("getFactory").invoke(null);
            boolean isCore = factory != null && has(factory, "getSelector");
            if (!isCore) {
                continue; // another implementation of its API
            }
            for (Object context : (List<?>) ask(ask(factory, "getSelector"), "getLoggerContexts")) {
                tell(ask(context, "getLoggers"), names);
            }
        }
    }

    /// Classes of that name which have been initialised.
    private static List<Class<?>> begun(Instrumentation agent, String name) throws Exception {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> each : agent.getAllLoadedClasses()) {
            if (each.getName().equals(name) && PrivateLookup.isInitialized(agent, each)) {
                found.add(each);
            }
        }
        return found;
    }

    private static void tell(Object loggers, Consumer<String> names) throws Exception {
        for (Object logger : (Collection<?>) loggers) {
            names.accept(String.valueOf(ask(logger, "getName")));
        }
    }

    private static boolean has(Object object, String getter) {
        try {
            object.getClass().getMethod(getter);
            return true;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    private static Object ask(Object object, String getter) throws Exception {
        return object.getClass().getMethod(getter).invoke(object);
    }
}
