// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The JDK's way of a virtual thread through its scheduler, JDK 21 to 25: where it is put into the
/// scheduler's queue, where a carrier takes it up, and where the carrier has put it down.
///
/// The last two are in `runContinuation`, before the carrier becomes the virtual thread and after
/// it has become itself again: code there runs as any other of a platform thread. The first is
/// where the scheduler is called, by whoever wakes the thread up.
public final class VirtualThreadPatch extends LoggerPatch {
    private static final String NOTHING = "()V";
    private static final String RUN = "runContinuation";

    /// The first of these that is called is the beginning; before JDK 22 the virtual thread mounts
    /// itself, after its carrier has said so.
    private static final List<String> MOUNT = List.of("mount()V", "notifyJvmtiMount(Z)V");

    /// Asked first of all when it has come back, whether it has returned or thrown.
    private static final List<String> BACK = List.of("isDone()Z");

    private static final List<String> SUBMIT =
            List.of(
                    "execute(Ljava/lang/Runnable;)V",
                    "externalSubmit(Ljava/util/concurrent/ForkJoinTask;)",
                    "lazySubmit(Ljava/util/concurrent/ForkJoinTask;)");

    public VirtualThreadPatch() {
        super(
                Set.of("java/lang/VirtualThread"),
                List.of(TapClass.SUBMIT, TapClass.MOUNT, TapClass.UNMOUNT));
    }

    @Override
    protected byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException {
        ClassFile changed = file;
        int submits = 0;
        for (ClassFile.Method method : file.allMethods()) {
            if (method.code() != null && !method.isStatic()) {
                List<Integer> calls = callsIn(changed, method, SUBMIT);
                changed = insert(changed, method, calls, TapClass.SUBMIT);
                submits += calls.size();
            }
        }
        ClassFile.Method run = method(file, RUN);
        List<Integer> mounts = callsIn(changed, run, MOUNT);
        List<Integer> backs = callsIn(changed, run, BACK);
        if (submits == 0 || mounts.isEmpty() || backs.size() != 2) {
            throw new IllegalArgumentException("its methods are others");
        }
        changed = insert(changed, run, backs, TapClass.UNMOUNT);
        return insert(changed, run, mounts.subList(0, 1), TapClass.MOUNT).bytes().array();
    }

    private static ClassFile.Method method(ClassFile file, String name) {
        for (ClassFile.Method each : file.allMethods()) {
            if (each.name().equals(name) && each.descriptor().equals(NOTHING)) {
                return each;
            }
        }
        throw new IllegalArgumentException("it has no method " + name);
    }

    private static List<Integer> callsIn(
            ClassFile file, ClassFile.Method method, List<String> called) {
        return callsIn(file, file.codeOf(method.name(), method.descriptor()), called);
    }

    /// Calls that show `this`, the last one first, so that the others stay where they are.
    private static ClassFile insert(
            ClassFile file, ClassFile.Method method, List<Integer> places, TapClass tap)
            throws IOException {
        ClassFile changed = file;
        for (int i = places.size() - 1; i >= 0; i--) {
            ClassFile.Code code = changed.codeOf(method.name(), method.descriptor());
            byte[] next = insert(changed, code, places.get(i), CallInsertion.ALOAD_0, tap);
            changed = new ClassFile(next);
        }
        return changed;
    }
}
