// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import dev.contrail.tracer.logging.TestAgent;
import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// A program, with the agent, in which methods of the JDK that recording an event calls are
/// instrumented to emit that event, and threads that emit it when they are asked for their id.
/// Prints how often it did.
public final class InstrumentedProgram {
    private static final int ACONST_NULL = 1;
    public static final int EVENTS = 5000;
    public static final int THREADS = 20;

    @Provider("shop")
    interface Shop {
        void paid(@Field("order") int order, @Field("currency") String currency);
    }

    private record Method(Class<?> in, String name, String descriptor) {}

    private static final List<Method> METHODS =
            List.of(
                    new Method(
                            java.nio.file.Files.class,
                            "readSymbolicLink",
                            "(Ljava/nio/file/Path;)Ljava/nio/file/Path;"),
                    new Method(String.class, "getBytes", "(Ljava/nio/charset/Charset;)[B"),
                    new Method(Integer.class, "valueOf", "(I)Ljava/lang/Integer;"),
                    new Method(Math.class, "min", "(II)I"),
                    new Method(
                            java.util.concurrent.atomic.AtomicBoolean.class,
                            "compareAndSet",
                            "(ZZ)Z"));

    private static final Object LOCK = new Object();
    private static final Shop SHOP = Tracer.bind(Shop.class);
    private static final Consumer<Object> TARGET = InstrumentedProgram::instrumented;
    private static long emitted;

    private InstrumentedProgram() {}

    private static void emit(int order, String currency) {
        synchronized (LOCK) {
            emitted++;
        }
        SHOP.paid(order, currency);
    }

    private static void instrumented(Object ignored) {
        if (!Thread.currentThread().getName().startsWith("contrail")) {
            emit(-1, "ä");
        }
    }

    private static final class Patch implements ClassFileTransformer {
        @Override
        public byte[] transform(
                ClassLoader loader,
                String className,
                Class<?> type,
                ProtectionDomain domain,
                byte[] file) {
            byte[] patched = null;
            for (Method each : METHODS) {
                if (each.in != type) {
                    continue;
                }
                ClassFile classFile = new ClassFile(file);
                try {
                    patched =
                            CallInsertion.insert(
                                    classFile,
                                    classFile.codeOf(each.name, each.descriptor),
                                    0,
                                    ACONST_NULL,
                                    TapClass.JUL.name(),
                                    TapClass.METHOD,
                                    TapClass.JUL.descriptor());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            return patched;
        }
    }

    private static final class Talkative extends Thread {
        Talkative(Runnable work) {
            super(work);
        }

        @Override
        @SuppressWarnings("deprecation")
        public long getId() {
            emit(-2, "asked");
            return super.getId();
        }
    }

    private static void emitSome() {
        String[] currencies = {"EUR", "€", "x".repeat(2000), "a currency of some length"};
        for (int i = 0; i < EVENTS; i++) {
            emit(i, currencies[i & 3]);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Instrumentation agent = TestAgent.instrumentation();
        emitSome();
        TapClass.JUL.send(agent, TARGET);
        agent.redefineModule(
                Object.class.getModule(),
                Set.of(java.util.logging.Filter.class.getModule()), // where the tap is
                Map.of(),
                Map.of(),
                Set.of(),
                Map.of());
        Patch patch = new Patch();
        agent.addTransformer(patch, true);
        for (Method each : METHODS) {
            agent.retransformClasses(each.in);
        }
        emitSome();
        for (int i = 0; i < THREADS; i++) {
            Thread thread =
                    i % 2 == 0
                            ? new Talkative(InstrumentedProgram::emitSome)
                            : new Thread(InstrumentedProgram::emitSome);
            thread.start();
            thread.join();
        }
        agent.removeTransformer(patch);
        for (Method each : METHODS) {
            agent.retransformClasses(each.in);
        }
        TapClass.JUL.send(agent, null);
        System.out.println(emitted);
    }
}
