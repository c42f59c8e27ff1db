// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;


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
    /// How many probes a process can have in its life, since numbers are not used again: an old
    /// body of a method may still be running.
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

    private ProbeClass() {}
}
