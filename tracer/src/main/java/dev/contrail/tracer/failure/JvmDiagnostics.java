// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.code.PrivateLookup;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;

/// Asks this JVM what `jcmd` may ask it, without the server of its beans, which the application may
/// want to make itself. HotSpot, JDK 17 to 25.
final class JvmDiagnostics implements ErrorLog.Jvm {
    private static final String MODULE = "jdk.management";
    private static final String PACKAGE = "com.sun.management.internal.";

    private final MethodHandle execute;
    private final MethodHandle threads;
    private final VarHandle address;

    /// Whether there is a module for it.
    static boolean isPossible() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /// @throws ReflectiveOperationException when this is another JVM
    JvmDiagnostics(Instrumentation agent) throws ReflectiveOperationException, IOException {
        Class.forName(PACKAGE + "PlatformMBeanProviderImpl"); // loads the native code
        Class<?> commands = Class.forName(PACKAGE + "DiagnosticCommandImpl");
        MethodHandles.Lookup inside = PrivateLookup.into(agent, commands);
        Object instance;
        try {
            Class<?> bean = Class.forName("com.sun.management.DiagnosticCommandMBean");
            instance =
                    inside.findStatic(
                                    commands,
                                    "getDiagnosticCommandMBean",
                                    MethodType.methodType(bean))
                            .invoke();
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
        if (instance == null) {
            throw new ReflectiveOperationException("it has no diagnostic commands");
        }
        execute =
                inside.findVirtual(
                                commands,
                                "executeDiagnosticCommand",
                                MethodType.methodType(String.class, String.class))
                        .bindTo(instance);
        MethodHandles.Lookup ofThreads = PrivateLookup.into(agent, Thread.class);
        threads =
                ofThreads.findStatic(
                        Thread.class, "getThreads", MethodType.methodType(Thread[].class));
        address = ofThreads.findVarHandle(Thread.class, "eetop", long.class);
    }

    @Override
    public String answer(String command) {
        try {
            return String.valueOf((String) execute.invokeExact(command));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Map<Long, Thread> threads() {
        try {
            Map<Long, Thread> found = new HashMap<>();
            for (Thread each : (Thread[]) threads.invokeExact()) {
                found.put((long) address.get(each), each);
            }
            return found;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
