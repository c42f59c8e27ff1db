// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.GeneratedProbe;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.write.ThreadSlot;
import dev.contrail.tracer.tap.ClassFile;
import dev.contrail.tracer.tap.ProbeClass;
import dev.contrail.tracer.tap.ProbeSite;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// The probes that methods of this process have been given. They are kept as long as the class is:
/// a method that is wanted again has the same one. Any thread; while it holds its lock, it loads
/// nothing.
final class Probes {
    private record Key(String className, String method, List<String> settings) {}

    private static final class Made {
        final int number;
        final GeneratedProbe probe;
        final EventPoint entry;
        final EventPoint exit;
        long lostTold;

        Made(int number, GeneratedProbe probe, EventPoint entry, EventPoint exit, long lostTold) {
            this.number = number;
            this.probe = probe;
            this.entry = entry;
            this.exit = exit;
            this.lostTold = lostTold;
        }
    }

    private final Instrumentation agent;
    private final ProbeClass all;
    private final ThrownMessage message;

    /// By the loader of their class; those of the JVM's own by this.
    private final Map<Object, Map<Key, Made>> known = new WeakHashMap<>();

    /// Those of each loader, until it is gone and with it all code of its classes, finalizers too.
    private final Map<Reference<? extends ClassLoader>, List<Made>> ofLoaders = new HashMap<>();

    private final Map<ClassLoader, List<Made>> listed = new WeakHashMap<>();
    private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();

    private final Set<Made> made = new LinkedHashSet<>();
    private final List<Made> unarmed = new ArrayList<>();

    Probes(Instrumentation agent) throws ReflectiveOperationException, IOException {
        ThreadSlot.expectProbes();
        this.agent = agent;
        this.all = new ProbeClass(agent);
        this.message = new ThrownMessage(agent);
        FieldPath.prepare(agent);
        ObjectIdentity.prepare();
    }

    /// The probe for a method, and what it is given. A method that is just being loaded is recorded
    /// from its first call on, another one once [#arm] was called.
    ///
    /// @throws MethodPlan.NotYetException when the class must be loaded first
    /// @throws IllegalArgumentException when it cannot be recorded, with the reason
    ProbeSite site(
            @Nullable ClassLoader loader,
            String className,
            @Nullable Class<?> redefined,
            ClassFile file,
            ClassFile.Method method,
            List<WantedMethods> those)
            throws ReflectiveOperationException {
        List<String> settings = those.get(0).rule.settings();
        MethodPlan plan =
                new MethodPlan(
                        className,
                        file,
                        method,
                        settings,
                        (type, path) -> path(loader, redefined, type, path));
        for (String setting : settings) {
            for (WantedMethods each : those) {
                if (!plan.missing.contains(setting)) {
                    each.met(setting);
                }
            }
        }
        Key key = new Key(className, method.name() + method.descriptor(), settings);
        GeneratedProbe probe = GeneratedProbe.of(plan.shape(), all.type(), message, plan.readers());
        return plan.site(number(loader, key, plan, probe, method, redefined == null));
    }

    private FieldPath path(
            @Nullable ClassLoader loader, @Nullable Class<?> redefined, String type, String path) {
        if (redefined == null) {
            throw new MethodPlan.NotYetException();
        }
        try {
            boolean isArray = type.startsWith("[");
            String name = isArray ? type : type.substring(1, type.length() - 1);
            return FieldPath.of(agent, Class.forName(name.replace('/', '.'), false, loader), path);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException(type + " is not to be had: " + e);
        }
    }

    private synchronized int number(
            @Nullable ClassLoader loader,
            Key key,
            MethodPlan plan,
            GeneratedProbe probe,
            ClassFile.Method method,
            boolean isArmed) {
        Map<Key, Made> ofLoader =
                known.computeIfAbsent(loader == null ? this : loader, each -> new HashMap<>());
        Made found = ofLoader.get(key);
        if (found != null) {
            return found.number;
        }
        String name = MethodRule.PREFIX + key.className.replace('/', '.') + "." + method.name();
        String origin = MethodRule.origin(method.descriptor(), key.settings);
        MethodRule.check(name + MethodRule.ENTRY, origin);
        int number = all.add(probe);
        if (number < 0) {
            reclaim();
            number = all.add(probe);
        }
        if (number < 0) {
            throw new IllegalArgumentException(
                    ProbeClass.MOST + " methods of classes in this JVM are recorded, the most");
        }
        EventPoint entry =
                EventClasses.of(
                        name + MethodRule.ENTRY, Level.DEBUG_LINE, plan.entryFields(), origin);
        EventPoint exit =
                EventClasses.of(
                        name + MethodRule.EXIT, Level.DEBUG_LINE, plan.exitFields(), origin);
        found = new Made(number, probe, entry, exit, all.lost(number));
        made.add(found);
        if (loader != null) {
            ofLoader(loader).add(found);
        }
        ofLoader.put(key, found);
        if (isArmed) {
            probe.arm(entry, exit);
        } else {
            unarmed.add(found);
        }
        return number;
    }

    synchronized boolean hasUnarmed() {
        return !unarmed.isEmpty();
    }

    /// From now on what has a probe is recorded.
    synchronized void arm() {
        for (Made each : unarmed) {
            each.probe.arm(each.entry, each.exit);
        }
        unarmed.clear();
    }

    /// Counts, where they were wanted, calls that could not be recorded for want of stack. Link
    /// thread.
    synchronized void tellLost() {
        for (Made each : made) {
            tellLost(each);
        }
        reclaim();
    }

    private void tellLost(Made one) {
        long lost = all.lost(one.number);
        for (Target target = one.entry.target; target != null; target = target.next) {
            target.pool.unheldLost += lost - one.lostTold;
        }
        one.lostTold = lost;
    }

    private List<Made> ofLoader(ClassLoader loader) {
        List<Made> its = listed.get(loader);
        if (its == null) {
            its = new ArrayList<>();
            listed.put(loader, its);
            ofLoaders.put(new PhantomReference<>(loader, gone), its);
        }
        return its;
    }

    /// Gives back the numbers of methods whose classes are gone: a program that loads its classes
    /// anew, as a server that is given an application again and again, does not run out of them.
    private void reclaim() {
        Reference<? extends ClassLoader> each;
        while ((each = gone.poll()) != null) {
            List<Made> its = ofLoaders.remove(each);
            for (int i = 0; its != null && i < its.size(); i++) {
                Made one = its.get(i);
                tellLost(one);
                made.remove(one);
                unarmed.remove(one);
                all.free(one.number);
            }
        }
    }
}
