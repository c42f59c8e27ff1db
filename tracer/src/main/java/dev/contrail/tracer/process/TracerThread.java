// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A thread of the tracer's own. It belongs to no application: it is in the system's thread group,
/// has no context class loader, no inherited thread-locals and none of the rights of whoever made
/// it, and cannot be interrupted, because an interrupt would close its channels. It is a daemon.
public final class TracerThread extends Thread implements Supplier<Object> {
    private static final long DEFAULT_STACK = 0;
    private static final boolean INHERITS_THREAD_LOCALS = false;

    /// How long somebody waits for what a thread of ours has been told to do.
    private static final long PATIENCE_NANOS = 500_000_000;

    private static final long LOOK_NANOS = 1_000_000;

    private final Runnable work;
    private final boolean isHook;

    /// Null for none.
    private final @Nullable Supplier<Object> answer;

    /// Whose events it records just now; null for its own. Only of its own.
    private @Nullable OtherThread other;

    private TracerThread(
            String name, Runnable work, boolean isHook, @Nullable Supplier<Object> answer) {
        super(systemGroup(), null, name, DEFAULT_STACK, INHERITS_THREAD_LOCALS);
        this.work = work;
        this.isHook = isHook;
        this.answer = answer;
        setDaemon(true);
        setPriority(NORM_PRIORITY);
        setContextClassLoader(null);
    }

    /// Not started yet. Where threads are to be had no more, [#start] throws an `OutOfMemoryError`.
    public static TracerThread named(String name, Runnable work) {
        return make(name, work, false, null);
    }

    /// The same, which other copies of this class find.
    ///
    /// @param answer what [#get] says to them
    public static TracerThread named(String name, Runnable work, Supplier<Object> answer) {
        return make(name, work, false, answer);
    }

    /// Returns when threads of ours have done what they were told, or after half a second.
    public static void awaitSoon(BooleanSupplier isUnderWay) {
        long begin = System.nanoTime();
        while (isUnderWay.getAsBoolean() && System.nanoTime() - begin < PATIENCE_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /// For a shutdown hook: where it cannot be started its work is done at once, so that the
    /// application's hooks have their turn.
    public static TracerThread hook(String name, Runnable work) {
        return make(name, work, true, null);
    }

    @SuppressWarnings("removal") // before JDK 24 a thread keeps the access context of its maker
    private static TracerThread make(
            String name, Runnable work, boolean isHook, @Nullable Supplier<Object> answer) {
        return AccessController.doPrivileged(
                new PrivilegedAction<TracerThread>() {
                    @Override
                    public TracerThread run() {
                        return new TracerThread(name, work, isHook, answer);
                    }
                });
    }

    /// The calling thread records an event of that thread, or again, with null, its own. Only a
    /// thread of this class does so.
    public static void actFor(@Nullable OtherThread thread) {
        if (Thread.currentThread() instanceof TracerThread own) {
            own.other = thread;
        }
    }

    /// Whose event the calling thread records; null for its own.
    public static @Nullable OtherThread actsFor() {
        return Thread.currentThread() instanceof TracerThread own ? own.other : null;
    }

    /// The thread group that all others are in, or the uppermost that may be seen.
    public static ThreadGroup systemGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        try {
            while (group != null && group.getParent() != null) {
                group = group.getParent();
            }
        } catch (SecurityException e) {
            // as far up as we may
        }
        return group;
    }

    @Override
    public void run() {
        doWork();
    }

    private void doWork() {
        try {
            work.run();
        } catch (Throwable e) { // not to the application's handler
            ErrorLine.say(ErrorLine.About.THREADS, "thread " + getName() + " has ended: " + e);
        }
    }

    /// What other copies of this class ask for; null for none.
    @Override
    public @Nullable Object get() {
        return answer == null ? null : answer.get();
    }

    @Override
    public synchronized void start() {
        try {
            super.start();
        } catch (OutOfMemoryError e) {
            if (!isHook) {
                throw e;
            }
            doWork();
        }
    }

    @Override
    public void interrupt() {}
}
