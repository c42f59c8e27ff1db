// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.context.AppContexts;
import dev.contrail.tracer.event.EventHandles;
import dev.contrail.tracer.failure.Failures;
import dev.contrail.tracer.follow.Following;
import dev.contrail.tracer.logging.HandledRecords;
import dev.contrail.tracer.logging.LogBridge;
import dev.contrail.tracer.method.MethodTracing;
import dev.contrail.tracer.process.ErrorLine;
import dev.contrail.tracer.process.TracerThread;
import java.lang.instrument.Instrumentation;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which copy of this jar is the tracer of the process. Web applications, plug-ins and agents may
/// each bring one, of different versions: the first that is used is the host and records, the
/// others call it, by requests made of types of the JDK only ([Requests]).
///
/// The host is found by its link thread, which answers [Supplier#get] with the function for
/// requests; before there is one, the copy that the system class loader has is asked first. (System
/// properties would be a simpler place, but programs print and store them, and a value that is not
/// a string breaks that.)
public final class Host {
    /// A monitor that all copies share.
    private static final Object LOCK = "dev.contrail.tracer.host".intern();

    private static boolean isDecided;
    private static @Nullable Function<Object[], Object> other;

    private Host() {}

    /// The tracer of this process, when it is another copy; null when we are it. Then the link
    /// runs.
    public static @Nullable Function<Object[], Object> other() {
        synchronized (LOCK) {
            if (!isDecided) {
                other = find();
                isDecided = true;
            }
        }
        if (other == null) {
            ApplicationLink.started(Requests.ASKED);
        }
        return other;
    }

    private static @Nullable Function<Object[], Object> find() {
        try {
            Function<Object[], Object> running = running();
            if (running != null) {
                return running;
            }
            Function<Object[], Object> ofSystem = ofSystem();
            if (ofSystem != null) {
                return ofSystem;
            }
        } catch (Throwable e) {
            ErrorLine.say(ErrorLine.About.LINK, "another copy of the tracer: " + e);
        }
        ApplicationLink.started(Requests.ASKED); // seen by the others from now on
        return null;
    }

    private static @Nullable Function<Object[], Object> running() {
        ThreadGroup group = TracerThread.systemGroup();
        Thread[] threads = new Thread[group.activeCount() + 64];
        int count = group.enumerate(threads, false);
        for (int i = 0; i < count; i++) {
            boolean isTracers =
                    threads[i].getClass().getName().equals(TracerThread.class.getName());
            if (isTracers && threads[i].getClass() != TracerThread.class) {
                Function<Object[], Object> found = functionOf(threads[i]);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /// Of the copy that everybody sees: an agent's, or the class path's.
    private static @Nullable Function<Object[], Object> ofSystem() {
        try {
            Class<?> host =
                    Class.forName(Host.class.getName(), true, ClassLoader.getSystemClassLoader());
            if (host == Host.class) {
                return null;
            }
            return functionOf(host.getMethod("requests").invoke(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            return null; // there is none, or one that is too old
        }
    }

    @SuppressWarnings("unchecked") // what goes in and out is checked where it is used
    private static @Nullable Function<Object[], Object> functionOf(Object candidate) {
        Object found = candidate;
        if (found instanceof Supplier<?> supplier) {
            found = supplier.get();
        }
        return found instanceof Function<?, ?> function
                ? (Function<Object[], Object>) function
                : null;
    }

    /// Called by other copies.
    public static Object requests() {
        Function<Object[], Object> host = other();
        return host == null ? Requests.ANSWERS : host;
    }

    /// An agent has come: it belongs to the host.
    ///
    /// @param socket of another session daemon; empty when there is none
    /// @return the link, when that is ours
    public static @Nullable ApplicationLink agent(Instrumentation agent, String socket) {
        LogBridge.useAgent(agent); // before the first order comes
        Failures.useAgent(agent);
        Following.useAgent(agent);
        MethodTracing.useAgent(agent);
        Function<Object[], Object> host = other();
        if (host == null) {
            ApplicationLink link = ApplicationLink.started(Requests.ASKED);
            link.add(socket);
            return link;
        }
        ask(host, Requests.AGENT, agent, socket);
        return null;
    }

    /// Tells the daemons of event classes that have just been bound, and waits for their orders,
    /// but not for ever.
    public static void announce() {
        Function<Object[], Object> host = other();
        if (host == null) {
            ApplicationLink.started(Requests.ASKED).announceAll();
        } else {
            ask(host, Requests.ANNOUNCE);
        }
    }

    private static Object ask(Function<Object[], Object> host, Object... request) {
        return host.apply(request);
    }

    /// Where a handler's records go.
    @SuppressWarnings("unchecked")
    public static Consumer<Object> records() {
        Function<Object[], Object> host = other();
        Object answer = host == null ? null : ask(host, Requests.RECORDS);
        return answer instanceof Consumer<?> consumer
                ? (Consumer<Object>) consumer
                : HandledRecords.receiver();
    }

    /// What sets a context of the application's in the calling thread.
    ///
    /// @param name of its field
    @SuppressWarnings("unchecked")
    public static Consumer<Object> appContext(String name) {
        Function<Object[], Object> host = other();
        Object answer = host == null ? null : ask(host, Requests.CONTEXT, name);
        return answer instanceof Consumer<?> consumer
                ? (Consumer<Object>) consumer
                : AppContexts.setter(name);
    }

    /// What one copy asks the other: an array that begins with a name.
    static final class Requests implements Function<Object[], Object> {
        static final Requests ANSWERS = new Requests();

        /// What the link thread says to other copies.
        static final Supplier<Object> ASKED = new Asked();

        static final String AGENT = "agent";
        static final String RECORDS = "records";
        static final String ANNOUNCE = "announce";
        static final String CONTEXT = "context";

        private Requests() {}

        private static final class Asked implements Supplier<Object> {
            @Override
            public Object get() {
                return requests();
            }
        }

        @Override
        public @Nullable Object apply(Object[] request) {
            if (request[0].equals(EventHandles.REQUEST)) {
                return EventHandles.answer(request);
            }
            if (request[0].equals(ANNOUNCE)) {
                ApplicationLink.started(Requests.ASKED).announceAll();
            }
            if (request[0].equals(CONTEXT)) {
                return AppContexts.setter((String) request[1]);
            }
            if (request[0].equals(RECORDS)) {
                return HandledRecords.receiver();
            }
            if (request[0].equals(AGENT)) {
                LogBridge.useAgent((Instrumentation) request[1]);
                Failures.useAgent((Instrumentation) request[1]);
                Following.useAgent((Instrumentation) request[1]);
                MethodTracing.useAgent((Instrumentation) request[1]);
                if (request.length > 2) {
                    ApplicationLink.started(Requests.ASKED).add((String) request[2]);
                }
            }
            return null; // of a version to come
        }
    }
}
