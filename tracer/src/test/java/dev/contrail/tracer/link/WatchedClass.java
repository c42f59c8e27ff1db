// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.logging.TestAgent;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.ByteBuffer;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/// A program, with the agent, that loads one class and prints, for each line that it is given, a
/// hash of what the JVM runs of it. The argument is `CLASS@PATH`, as of [ChildFirst].
final class WatchedClass {
    private WatchedClass() {}

    /// Comes after all others, and changes nothing.
    private static final class Watcher implements ClassFileTransformer {
        final AtomicReference<byte[]> seen = new AtomicReference<>();
        private final Class<?> watched;

        Watcher(Class<?> watched) {
            this.watched = watched;
        }

        @Override
        public byte[] transform(
                ClassLoader loader,
                String className,
                Class<?> type,
                ProtectionDomain domain,
                byte[] file) {
            if (type == watched) {
                seen.set(file.clone());
            }
            return null;
        }
    }

    /// What comes after the constants (JVMS 4.4): the JVM keeps those that it has once seen, after
    /// the others, when a class is changed back.
    private static byte[] content(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        int count = in.getShort(8);
        int at = 10;
        for (int i = 1; i < count; i++) {
            int tag = file[at++];
            at +=
                    switch (tag) {
                        case 1 -> 2 + (in.getShort(at) & 0xffff);
                        case 7, 8, 16, 19, 20 -> 2;
                        case 15 -> 3;
                        case 5, 6 -> 8;
                        default -> 4;
                    };
            if (tag == 5 || tag == 6) {
                i++;
            }
        }
        return Arrays.copyOfRange(file, at, file.length);
    }

    public static void main(String[] arguments) throws Exception {
        Class<?> watched = ChildFirst.load(arguments[0]);
        Instrumentation agent = TestAgent.instrumentation();
        while (System.in.read() >= 0) {
            Watcher watcher = new Watcher(watched);
            agent.addTransformer(watcher, true);
            agent.retransformClasses(watched);
            agent.removeTransformer(watcher);
            byte[] content = content(watcher.seen.get());
            System.out.println(content.length + " bytes, " + Arrays.hashCode(content));
        }
    }
}
