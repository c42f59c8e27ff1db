// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Inserts a call in front of each instruction of a method that has all that must move along, and
/// runs what comes out.
public class CallInsertionTest {
    private static final String OWNER = CallInsertionTest.class.getName().replace('.', '/');
    private static final String ANY_OBJECT = "(Ljava/lang/Object;)V";

    /// Called by the changed classes.
    public static final List<Object> SEEN = new ArrayList<>();

    public static void see(Object given) {
        SEEN.add(given);
    }

    /// The method that is changed: its second argument is there at every instruction.
    public static final class Sample {
        private Sample() {}

        public static String work(int count, Object given) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                long wide = i * 3L;
                double half = i / 2.0;
                try {
                    switch (i % 5) {
                        case 0 -> text.append("zero");
                        case 1 -> text.append(given);
                        case 2 -> throw new IllegalStateException("two");
                        default -> text.append(wide).append(half);
                    }
                    switch (text.length()) {
                        case 4 -> text.append('a');
                        case 1000 -> text.append('b');
                        case 100_000 -> text.append('c');
                        default -> text.append(i > 3 ? new String("long") : "short");
                    }
                } catch (IllegalStateException e) {
                    text.append(e.getMessage());
                } finally {
                    text.append(';');
                }
            }
            return text.toString();
        }
    }

    private static final class Loader extends ClassLoader {
        Loader() {
            super(CallInsertionTest.class.getClassLoader());
        }

        Class<?> define(byte[] file) {
            return defineClass(Sample.class.getName(), file, 0, file.length);
        }
    }

    private static byte[] sample() throws Exception {
        String name = CallInsertionTest.class.getSimpleName() + "$Sample.class";
        try (InputStream file = CallInsertionTest.class.getResourceAsStream(name)) {
            return file.readAllBytes();
        }
    }

    @Test
    void leavesWhatTheMethodDoesAsItIsWhereverTheCallIs() throws Exception {
        ClassFile file = new ClassFile(sample());
        ClassFile.Code code = file.codeOf("work", "(ILjava/lang/Object;)Ljava/lang/String;");
        ByteBuffer in = file.bytes();
        String wanted = Sample.work(17, "given");
        int from = code.from() + 8;
        int calls = 0;
        int changed = 0;
        for (int at = 0; at < code.length(); at += Instructions.length(in, from, at)) {
            byte[] result =
                    CallInsertion.insert(
                            file, code, at, CallInsertion.ALOAD_1, OWNER, "see", ANY_OBJECT);
            Class<?> type = new Loader().define(result);
            SEEN.clear();
            Object said = type.getMethod("work", int.class, Object.class).invoke(null, 17, "given");
            assertThat(said).as("call in front of byte %d", at).isEqualTo(wanted);
            assertThat(SEEN).allMatch("given"::equals);
            calls += SEEN.size();
            changed++;
        }
        assertThat(changed).isGreaterThan(80);
        assertThat(calls).isGreaterThan(changed);
    }

    /// Its `toString` tells the line it was called from.
    public static final class Line {
        @Override
        public String toString() {
            for (StackTraceElement frame : new Throwable().getStackTrace()) {
                if (frame.getMethodName().equals("work")) {
                    return "line " + frame.getLineNumber();
                }
            }
            throw new AssertionError("not called by work");
        }
    }

    @Test
    void keepsLineNumbers() throws Exception {
        ClassFile file = new ClassFile(sample());
        ClassFile.Code code = file.codeOf("work", "(ILjava/lang/Object;)Ljava/lang/String;");
        byte[] result =
                CallInsertion.insert(
                        file, code, 0, CallInsertion.ALOAD_1, OWNER, "see", ANY_OBJECT);
        Class<?> type = new Loader().define(result);
        assertThat(type.getMethod("work", int.class, Object.class).invoke(null, 2, new Line()))
                .isEqualTo(Sample.work(2, new Line()));
    }
}
