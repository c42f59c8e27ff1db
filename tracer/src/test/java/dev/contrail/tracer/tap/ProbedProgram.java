// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.logging.TestAgent;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A program, with the agent, that puts a probe into every method of [Behaviour], and says whether
/// that does what it did without.
public final class ProbedProgram {
    private ProbedProgram() {}

    /// Counts the calls that it gets, and fails when it is told to.
    private static final class Counts implements InvocationHandler {
        long enters;
        long leaves;
        boolean isFailing;

        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            if (isFailing) {
                throw new StackOverflowError();
            }
            if (method.getName().equals("enter")) {
                return ++enters;
            }
            leaves++;
            return null;
        }
    }

    private static final class Probing implements ClassFileTransformer {
        final int probe;
        Throwable failure = new AssertionError("was not called");

        Probing(int probe) {
            this.probe = probe;
        }

        @Override
        public byte[] transform(
                ClassLoader loader,
                String className,
                Class<?> type,
                ProtectionDomain domain,
                byte[] file) {
            if (type == null || !type.getName().startsWith(Behaviour.class.getName())) {
                return null;
            }
            try {
                ClassFile read = new ClassFile(file);
                List<ProbeSite> sites = new ArrayList<>();
                for (ClassFile.Method method : read.allMethods()) {
                    if (method.code() != null) {
                        sites.add(new ProbeSite(method, probe, List.of(), true));
                    }
                }
                failure = null;
                return ProbedClass.write(read, sites);
            } catch (Throwable e) {
                failure = e;
                return null;
            }
        }
    }

    /// Comes last, and keeps what it sees.
    private static final class Watcher implements ClassFileTransformer {
        final Map<String, byte[]> seen = new ConcurrentHashMap<>();

        @Override
        public byte[] transform(
                ClassLoader loader,
                String className,
                Class<?> type,
                ProtectionDomain domain,
                byte[] file) {
            if (type != null) {
                seen.put(type.getName(), file.clone());
            }
            return null;
        }
    }

    private static String content(Map<String, byte[]> seen) {
        StringBuilder text = new StringBuilder();
        for (String name : new java.util.TreeSet<>(seen.keySet())) {
            ClassFile file = new ClassFile(seen.get(name));
            byte[] all = file.array();
            byte[] rest = Arrays.copyOfRange(all, file.afterConstants(), all.length);
            text.append(name).append(' ').append(Arrays.hashCode(rest)).append('\n');
        }
        return text.toString();
    }

    private static Class<?>[] classes(Instrumentation agent) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> each : agent.getAllLoadedClasses()) {
            if (each.getName().startsWith(Behaviour.class.getName())
                    && agent.isModifiableClass(each)) {
                found.add(each);
            }
        }
        return found.toArray(new Class<?>[0]);
    }

    private static Map<String, byte[]> watch(Instrumentation agent) throws Exception {
        Watcher watcher = new Watcher();
        agent.addTransformer(watcher, true);
        agent.retransformClasses(classes(agent));
        agent.removeTransformer(watcher);
        return watcher.seen;
    }

    private static void check(boolean isRight, String what) {
        if (!isRight) {
            throw new AssertionError(what);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Instrumentation agent = TestAgent.instrumentation();
        String wanted = Behaviour.run();
        String code = content(watch(agent));
        ProbeClass all = new ProbeClass(agent);
        Counts counts = new Counts();
        int probe =
                all.add(
                        Proxy.newProxyInstance(
                                ProbedProgram.class.getClassLoader(),
                                new Class<?>[] {all.type()},
                                counts));
        Probing probing = new Probing(probe);
        agent.addTransformer(probing, true);
        agent.retransformClasses(classes(agent));
        check(probing.failure == null, "not changed: " + probing.failure);
        for (int i = 0; i < 50; i++) { // also compiled
            check(Behaviour.run().equals(wanted), "does something else: " + Behaviour.run());
        }
        check(counts.enters > 10_000, "entered " + counts.enters);
        long unpaired = Math.abs(counts.enters - counts.leaves);
        check(unpaired <= all.lost(probe), unpaired + " calls have no end");
        counts.isFailing = true;
        long before = all.lost(probe);
        check(Behaviour.run().equals(wanted), "does something else when probes fail");
        check(all.lost(probe) - before > 100, "failures are not counted");
        agent.removeTransformer(probing);
        agent.retransformClasses(classes(agent));
        check(content(watch(agent)).equals(code), "the code is not what it was");
        long last = all.lost(probe);
        check(Behaviour.run().equals(wanted), "does something else afterwards");
        check(all.lost(probe) == last, "still calls the probe");
        System.out.println("as before, " + counts.enters + " calls");
    }
}
