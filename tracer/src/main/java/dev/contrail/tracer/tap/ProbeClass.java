// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.GeneratedClass;
import dev.contrail.tracer.code.PrivateLookup;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ArrayDeque;

/// The interface that methods with probes call. It lies in the package that every class can see,
/// whatever its loader and module:
///
/// ```java
/// package java.lang;
///
/// public interface ContrailProbe {
///     ContrailProbe[] ALL = new ContrailProbe[MOST];
///     long[] LOST = new long[MOST];
///
///     long enter();
///     long enter(long, long, long, long, Object, Object, Object, Object);
///     void exit(long start);
///     void exit(long start, long result);
///     void exit(long start, Object result);
///     void thrown(long start, Throwable thrown);
/// }
/// ```
///
/// It is all that stays in the JVM when nobody wants methods any more. The arrays are constants for
/// the compiler, and each method has a call site of its own, so that a call is inlined.
public final class ProbeClass {
    /// How many probes a process can have at one time. As long as there is its class, the number of
    /// a method is not used for another: an old body of it may still be running.
    public static final int MOST = 1 << 14;

    public static final String NAME = "java/lang/ContrailProbe";
    static final String ALL = "ALL";
    static final String ALL_TYPE = "[L" + NAME + ";";
    static final String LOST = "LOST";
    public static final String ENTER = "enter";
    public static final String ENTER_TYPE = "()J";
    private static final String OBJECT = "Ljava/lang/Object;";
    public static final String ENTER_WITH_TYPE =
            "(" + "J".repeat(ProbeSite.MOST) + OBJECT.repeat(ProbeSite.MOST) + ")J";
    public static final String EXIT = "exit";
    public static final String EXIT_TYPE = "(J)V";
    public static final String EXIT_NUMBER_TYPE = "(JJ)V";
    public static final String EXIT_OBJECT_TYPE = "(J" + OBJECT + ")V";
    public static final String THROWN = "thrown";
    public static final String THROWN_TYPE = "(JLjava/lang/Throwable;)V";

    private static final int PUBLIC_INTERFACE = 0x601;
    private static final int PUBLIC_STATIC_FINAL = 0x19;
    private static final int LONG_ELEMENTS = 11;

    private final Class<?> type;
    private final Object[] all;
    private final long[] lost;
    private int count;

    /// Numbers that may be used again, used when there are no others.
    private final ArrayDeque<Integer> free = new ArrayDeque<>();

    /// Finds or makes the interface.
    public ProbeClass(Instrumentation agent) throws ReflectiveOperationException, IOException {
        type = PrivateLookup.findOrDefine(agent, Object.class.getName(), NAME, ProbeClass::file);
        all = (Object[]) type.getField(ALL).get(null);
        lost = (long[]) type.getField(LOST).get(null);
        while (count < all.length && all[count] != null) {
            count++; // another tracer's
        }
    }

    /// The interface.
    public Class<?> type() {
        return type;
    }

    /// Gives a number to a probe, which methods may call from then on.
    ///
    /// @return negative when there is none left
    public synchronized int add(Object probe) {
        Integer again = count < all.length ? Integer.valueOf(count++) : free.poll();
        if (again == null) {
            return -1;
        }
        all[again] = probe;
        return again;
    }

    /// No method calls that probe any more, nor will. It stays until another has its number, so
    /// that other tracers see that it is not theirs.
    public synchronized void free(int probe) {
        free.add(probe);
    }

    /// How many events calls of the probe have failed to record so far. Racy, as `unheldLost` of a
    /// pool.
    public long lost(int probe) {
        return lost[probe];
    }

    private static byte[] file() {
        GeneratedClass made = new GeneratedClass(PUBLIC_INTERFACE, NAME, null);
        made.field(PUBLIC_STATIC_FINAL, ALL, ALL_TYPE);
        made.field(PUBLIC_STATIC_FINAL, LOST, "[J");
        CodeWriter code = made.code().push(MOST).newArray(NAME);
        code.field(CodeWriter.PUTSTATIC, NAME, ALL, ALL_TYPE);
        code.push(MOST).newArrayOf(LONG_ELEMENTS);
        code.field(CodeWriter.PUTSTATIC, NAME, LOST, "[J");
        made.initializer(code, 1);
        made.abstractMethod(ENTER, ENTER_TYPE);
        made.abstractMethod(ENTER, ENTER_WITH_TYPE);
        made.abstractMethod(EXIT, EXIT_TYPE);
        made.abstractMethod(EXIT, EXIT_NUMBER_TYPE);
        made.abstractMethod(EXIT, EXIT_OBJECT_TYPE);
        made.abstractMethod(THROWN, THROWN_TYPE);
        return made.file();
    }
}
