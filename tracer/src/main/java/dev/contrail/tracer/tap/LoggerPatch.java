// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.code.Redefinitions;
import dev.contrail.tracer.ring.write.ThreadSlot;
import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Makes the loggers of one log system show each record that they are about to give to handlers:
/// one that has passed level and filter. So it does not matter which handlers there are, to which
/// tree a logger belongs, which class loader has loaded it, and who resets what.
///
/// A transformer runs in the middle of the application's class loading: this one waits for no lock
/// of the application's, loads no class of its, and lets nothing escape.
public abstract class LoggerPatch implements ClassFileTransformer {
    private static final int MOST_ARRIVING = 1000;

    private final Set<String> loggers;
    private final List<TapClass> taps;

    /// A logger that was changed when it was loaded.
    ///
    /// @param loader null for the JVM's own
    private record Changed(@Nullable WeakReference<ClassLoader> loader, String className) {
        boolean is(Class<?> type) {
            ClassLoader its = type.getClassLoader();
            return className.equals(type.getName().replace('.', '/'))
                    && (loader == null ? its == null : its != null && loader.get() == its);
        }

        boolean isForgotten() {
            return loader != null && loader.get() == null;
        }
    }

    /// Those that were not found loaded yet.
    private final Set<Changed> arriving = ConcurrentHashMap.newKeySet();

    private final Redefinitions redefinitions = new Redefinitions();

    private volatile boolean isWanted;

    /// Which changes loggers as they are wanted; null: none.
    private volatile @Nullable Thread changing;

    /// Why a logger class could not be changed; empty when none has failed.
    private volatile String problem = "";

    /// @param loggers the classes that are changed, with slashes
    /// @param taps what they call then
    protected LoggerPatch(Set<String> loggers, List<TapClass> taps) {
        this.loggers = loggers;
        this.taps = taps;
    }

    /// The class with its calls.
    ///
    /// @return null when it stays as it is
    protected abstract byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException;

    /// A class that is loaded now, or has been.
    void look(String className) {}

    /// Whether loggers are to be changed, from now on.
    final void want(boolean wanted) {
        isWanted = wanted;
    }

    /// What is retransformed by this thread meanwhile, is as we want it; by others, as they do.
    final void changing(@Nullable Thread thread) {
        changing = thread;
    }

    /// Whether it has to stay although no logger is to be changed, because the JVM forgets what
    /// others make of them.
    final boolean isNeeded() {
        return redefinitions.isNeeded();
    }

    final void problem(String text) {
        problem = text;
    }

    final String problem() {
        return problem;
    }

    final List<TapClass> taps() {
        return taps;
    }

    final boolean isLogger(String className) {
        return loggers.contains(className);
    }

    /// Whether a logger is being loaded, as far as is known, that was changed.
    final boolean isArriving() {
        return !arriving.isEmpty();
    }

    /// That logger has been loaded.
    ///
    /// @return whether it was changed when it was, so that it need not be changed again: that would
    ///   cost a debugger its breakpoints there
    final boolean arrived(Class<?> logger) {
        arriving.removeIf(Changed::isForgotten);
        return arriving.removeIf(each -> each.is(logger));
    }

    @Override
    public final byte @Nullable [] transform(
            ClassLoader loader,
            String className,
            Class<?> redefined,
            ProtectionDomain domain,
            byte[] file) {
        ThreadSlot slot = ThreadSlot.current();
        boolean wasInside = slot.isInside;
        slot.isInside = true;
        try {
            if (className == null || redefined == null && !isWanted) {
                return null;
            }
            look(className);
            if (!isLogger(className)) {
                return null;
            }
            byte[] latest = latest(redefined, file);
            byte[] patched = isWanted ? patch(loader, className, new ClassFile(latest)) : null;
            if (patched != null && redefined == null && arriving.size() < MOST_ARRIVING) {
                arriving.add(
                        new Changed(
                                loader == null ? null : new WeakReference<>(loader), className));
            }
            return patched != null || latest == file ? patched : latest;
        } catch (Throwable e) {
            problem = "cannot instrument " + className.replace('/', '.') + ": " + e;
            return null;
        } finally {
            slot.isInside = wasInside;
        }
    }

    private byte[] latest(@Nullable Class<?> redefined, byte[] file) {
        return redefined != null && (isWanted || redefinitions.knows(redefined))
                ? redefinitions.latest(redefined, file, Thread.currentThread() == changing)
                : file;
    }

    /// Where in a method's code another one is called whose name and descriptor begin so, and the
    /// instruction before that.
    protected record Place(int before, int call) {}

    /// Null when it is not called.
    protected static @Nullable Place callIn(ClassFile file, ClassFile.Code code, String method) {
        ByteBuffer in = file.bytes();
        int from = code.from() + 8;
        int before = 0;
        for (int at = 0; at < code.length(); at += Instructions.length(in, from, at)) {
            if (isCallOf(file, from + at, method)) {
                return new Place(before, at);
            }
            before = at;
        }
        return null;
    }

    /// Where any of these is called, in order.
    static List<Integer> callsIn(ClassFile file, ClassFile.Code code, List<String> methods) {
        ByteBuffer in = file.bytes();
        int from = code.from() + 8;
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at < code.length(); at += Instructions.length(in, from, at)) {
            for (String each : methods) {
                if (isCallOf(file, from + at, each)) {
                    found.add(at);
                }
            }
        }
        return found;
    }

    private static boolean isCallOf(ClassFile file, int at, String method) {
        return Instructions.isCall(file.bytes().get(at) & 0xff)
                && file.methodAt(file.u2(at + 1)).startsWith(method);
    }

    /// The class with a call of the tap in front of an instruction.
    ///
    /// @param at where the instruction is
    /// @param push pushes the tap's arguments: of [CallInsertion]
    protected static byte[] insert(
            ClassFile file, ClassFile.Code code, int at, int push, TapClass tap)
            throws IOException {
        return CallInsertion.insert(
                file, code, at, push, tap.name(), TapClass.METHOD, tap.descriptor());
    }
}
