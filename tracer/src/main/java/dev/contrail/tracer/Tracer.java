// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import dev.contrail.tracer.event.InterfaceBinder;
import dev.contrail.tracer.event.Problems;
import dev.contrail.tracer.link.Host;
import dev.contrail.tracer.process.ErrorLine;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns an interface into events: each call of one of its methods is an event, recorded when a
/// session wants it and nearly free otherwise.
///
/// ```java
/// @Provider("shop")
/// public interface Checkout {
///     void paid(long orderId, int cents, String currency);
/// }
///
/// static final Checkout TRACE = Tracer.bind(Checkout.class);
///
/// TRACE.paid(4711, 1999, "EUR"); // shop:paid
/// ```
///
/// The methods return `void` and take primitive types and strings. Field names come from the class
/// file, when it was compiled with `-parameters`, or from [Field]; else they are `arg0`, `arg1`, ….
public final class Tracer {
    /// Frames of [#checkStack], about 28 KiB: the first binding of a program takes more than 11 and
    /// less than 23, and the smallest stack of a thread has 40.
    private static final int ROOM_FRAMES = 84;

    private static final String NATIVE_IMAGE =
            "nothing is recorded in a native image, which cannot define classes as it runs: run the"
                    + " program on a JVM to record it";

    private Tracer() {}

    /// Implements `events`. Bind once, into a `static final` field. Binding never fails a program:
    /// where something cannot be traced, the implementation does nothing there, and a line on
    /// standard error says why, once for each of the first eight such interfaces of a program.
    ///
    /// In a native image of GraalVM's nothing is recorded. An interface that is bound as the image
    /// runs, not as it is built, must be among its dynamic proxies there.
    ///
    /// Only where there is no stack or memory for it, this ends as any call would there, and may be
    /// tried again.
    ///
    /// @throws IllegalArgumentException when `events` is not an interface
    /// @throws StackOverflowError at the end of the stack
    /// @throws OutOfMemoryError when there is no memory left
    public static <T> T bind(Class<T> events) {
        Objects.requireNonNull(events, "events");
        checkStack(ROOM_FRAMES, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        InterfaceBinder.check(events);
        if (isNativeImage()) {
            return inert(events);
        }
        try {
            Tracer.class.getModule().addReads(events.getModule());
            return bind(MethodHandles.privateLookupIn(events, MethodHandles.lookup()), events);
        } catch (IllegalAccessException e) {
            ErrorLine.sayOfInterface(
                    events.getName(),
                    "%s is not recorded: open its package to %s, or use"
                                    .formatted(events.getName(), Tracer.class.getModule())
                            + " Tracer.bind(MethodHandles.lookup(), …)");
            return InterfaceBinder.inert(events);
        } catch (Throwable e) { // no stack, no memory, no permission
            return refused(events, e);
        }
    }

    /// The same for an interface in a module that does not open its package: `lookup` comes from
    /// that package.
    ///
    /// @throws IllegalArgumentException when `events` is not an interface
    /// @throws StackOverflowError at the end of the stack
    /// @throws OutOfMemoryError when there is no memory left
    public static <T> T bind(MethodHandles.Lookup lookup, Class<T> events) {
        Objects.requireNonNull(events, "events");
        checkStack(ROOM_FRAMES, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        InterfaceBinder.check(events);
        if (isNativeImage()) {
            return inert(events);
        }
        try {
            Problems problems = new Problems();
            T bound = InterfaceBinder.bind(lookup, events, Host.other(), problems);
            if (!problems.text().isEmpty()) {
                ErrorLine.sayOfInterface(events.getName(), problems.text());
            }
            if (!problems.aboutNames().isEmpty()) {
                ErrorLine.say(ErrorLine.About.FIELD_NAMES, problems.aboutNames());
            }
            announce();
            return bound;
        } catch (Throwable e) { // no stack, no memory: not a reason to end a static initialiser
            return refused(events, e);
        }
    }

    /// Overflows the stack here where it would overflow later. Later may be in an initialiser of a
    /// class of the JDK or ours, which could not be used in this process any more.
    private static long checkStack(
            int frames,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g,
            long h,
            long i,
            long j,
            long k,
            long l,
            long m,
            long n,
            long o) {
        if (frames == 0) {
            return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o;
        }
        return 1 + checkStack(frames - 1, b, c, d, e, f, g, h, i, j, k, l, m, n, o, a);
    }

    /// Whether this is a program that GraalVM has compiled ahead of time, or is compiling: a class
    /// that is initialised while the image is built must not start a ring and a thread there.
    ///
    /// The property is that of `org.graalvm.nativeimage.ImageInfo`.
    private static boolean isNativeImage() {
        try {
            return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
        } catch (SecurityException e) {
            return false;
        }
    }

    private static <T> T inert(Class<T> events) {
        ErrorLine.say(ErrorLine.About.NATIVE_IMAGE, NATIVE_IMAGE);
        return InterfaceBinder.inert(events);
    }

    private static void announce() {
        try {
            Host.announce();
        } catch (Throwable e) {
            // the link thread finds what is bound by itself, somewhat later
        }
    }

    private static <T> T refused(Class<T> events, Throwable why) {
        try {
            String name = events.getName();
            SecurityException denied = denied(why);
            if (denied != null) {
                ErrorLine.say(
                        ErrorLine.About.SECURITY_MANAGER,
                        "tracing is off, the program's security manager does not allow what it needs: "
                                + denied.getMessage());
            } else {
                ErrorLine.sayOfInterface(name, name + " is not recorded: " + why);
            }
        } catch (Throwable e) {
            // not even for that
        }
        try {
            return InterfaceBinder.inert(events);
        } catch (Throwable e) {
            Error shortage = shortage(e);
            if (shortage == null) {
                shortage = shortage(why);
            }
            if (shortage == null) {
                throw e;
            }
            throw shortage;
        }
    }

    /// What a security manager has said, which class initialisers wrap; null when it is another
    /// trouble.
    private static @Nullable SecurityException denied(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SecurityException denied) {
                return denied;
            }
        }
        return null;
    }

    /// The want of stack or memory at the bottom of `failure`, which the JDK and class initialisers
    /// wrap into errors of other names; null when it is another trouble.
    private static @Nullable Error shortage(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof StackOverflowError || each instanceof OutOfMemoryError) {
                return (Error) each;
            }
        }
        return null;
    }
}
