// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

/// What contexts say of a thread. Allocates nothing.
public final class ThreadFacts {
    private ThreadFacts() {}

    /// Its Java id. (Before JDK 19 a program's thread can say that it has another.)
    public static long javaId(Thread thread) {
        try {
            return JvmThreads.HERE.id(thread);
        } catch (Throwable e) { // of the program's thread
            return -1;
        }
    }

    /// Whether the Java id is the JVM's, and no code of the program's is called for it.
    public static boolean hasOwnId(Thread thread) {
        return !JvmThreads.IS_ID_THEIRS || thread.getClass() == Thread.class;
    }

    public static boolean isVirtual(Thread thread) {
        return JvmThreads.HERE.isVirtual(thread);
    }
}
