// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.code.Redefinitions;
import dev.contrail.tracer.ring.write.ThreadSlot;
import dev.contrail.tracer.tap.ClassFile;
import dev.contrail.tracer.tap.ListedParameters;
import dev.contrail.tracer.tap.ProbeSite;
import dev.contrail.tracer.tap.ProbedClass;
import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts calls of probes into the methods that rules want, as long as they do, of classes that are
/// loaded or changed.
///
/// A transformer runs in the middle of the application's class loading: this one waits for no lock
/// of the application's, loads no class of its, and lets nothing escape.
final class MethodTransformer implements ClassFileTransformer {
    private static final int BRIDGE = 0x40;

    /// Characters of a name in what is said.
    private static final int MOST_SAID = 200;

    /// A class that is loaded or changed.
    private static final class Subject {
        final @Nullable ClassLoader loader;

        /// With slashes.
        final String name;

        final @Nullable Class<?> redefined;

        /// Whether it has to be loaded before all of its methods can be changed.
        boolean isUnfinished;

        Subject(@Nullable ClassLoader loader, String name, @Nullable Class<?> redefined) {
            this.loader = loader;
            this.name = name;
            this.redefined = redefined;
        }
    }

    private final Probes probes;
    private final Runnable announce;
    private final Arrivals arrivals;
    private final Redefinitions redefinitions = new Redefinitions();

    /// Which changes classes as they are wanted; null: none.
    private volatile @Nullable Thread changing;

    /// Those that are carried out, in a list that never changes.
    private volatile List<WantedMethods> wanted = List.of();

    /// @param announce tells daemons of new event classes, and waits for their orders, not for long
    /// @param arrivals is told of the classes that are loaded and wanted
    MethodTransformer(Probes probes, Runnable announce, Arrivals arrivals) {
        this.probes = probes;
        this.announce = announce;
        this.arrivals = arrivals;
    }

    /// Lists of parameters that classes would lose, in a map that never changes.
    private volatile Map<Class<?>, Map<String, List<ListedParameters.Parameter>>> kept = Map.of();

    /// Puts these lists of parameters into the files of these classes, whatever else is changed.
    void keep(Map<Class<?>, Map<String, List<ListedParameters.Parameter>>> parameters) {
        kept = Map.copyOf(parameters);
    }

    /// What is retransformed by this thread meanwhile, is as we want it; by others, as they do.
    void changing(@Nullable Thread thread) {
        changing = thread;
    }

    /// Whether it has to stay, although no rule wants anything.
    boolean isNeeded() {
        return redefinitions.isNeeded();
    }

    List<WantedMethods> wanted() {
        return wanted;
    }

    void want(List<WantedMethods> methods) {
        wanted = List.copyOf(methods);
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            String className,
            @Nullable Class<?> redefined,
            ProtectionDomain domain,
            byte[] file) {
        List<WantedMethods> matching = List.of();
        ThreadSlot slot = ThreadSlot.current();
        boolean wasInside = slot.isInside;
        slot.isInside = true; // what is called here is none of the program's
        try {
            if (className == null || redefined == null && wanted.isEmpty()) {
                return null;
            }
            matching = matching(className.replace('/', '.'));
            byte[] whole = whole(redefined, latest(redefined, !matching.isEmpty(), file));
            byte[] changed = whole == file ? null : whole;
            if (!matching.isEmpty()) {
                Subject subject = new Subject(loader, className, redefined);
                byte[] probed = changed(subject, matching, whole);
                changed = probed == null ? changed : probed;
                if (redefined == null) {
                    arrivals.note(
                            loader, className.replace('/', '.'), matching, subject.isUnfinished);
                }
            }
            if (changed != null && redefined == null) {
                announce.run(); // so that its first calls are recorded
            }
            return changed;
        } catch (Throwable e) {
            for (WantedMethods each : matching) {
                each.remark(className.replace('/', '.') + " cannot be changed: " + e);
            }
            return null;
        } finally {
            slot.isInside = wasInside;
        }
    }

    private byte[] latest(@Nullable Class<?> redefined, boolean isWanted, byte[] file) {
        return redefined != null && (isWanted || redefinitions.knows(redefined))
                ? redefinitions.latest(redefined, file, Thread.currentThread() == changing)
                : file;
    }

    /// The file with the lists of parameters that it had.
    private byte[] whole(@Nullable Class<?> redefined, byte[] file) throws IOException {
        Map<String, List<ListedParameters.Parameter>> lists =
                redefined == null ? null : kept.get(redefined);
        return lists == null ? file : ListedParameters.restore(file, lists);
    }

    /// The rules that want something of a class.
    ///
    /// @param className with dots
    List<WantedMethods> matching(String className) {
        List<WantedMethods> matching = new ArrayList<>();
        for (WantedMethods each : wanted) {
            if (each.matches(className)) {
                matching.add(each);
            }
        }
        return matching.isEmpty() || Untouchable.is(className) ? List.of() : matching;
    }

    /// Rules that record the same of a method share its probe; for those that record something else
    /// there is another one around it.
    private byte @Nullable [] changed(
            Subject subject, List<WantedMethods> matching, byte[] original)
            throws IOException, ReflectiveOperationException {
        Map<List<String>, List<WantedMethods>> bySettings = new LinkedHashMap<>();
        for (WantedMethods each : matching) {
            bySettings.computeIfAbsent(each.rule.settings(), key -> new ArrayList<>()).add(each);
        }
        byte[] changed = null;
        for (List<WantedMethods> alike : bySettings.values()) {
            byte[] before = changed == null ? original : changed;
            ClassFile file = new ClassFile(before);
            List<ProbeSite> sites = sites(subject, alike, file);
            if (!sites.isEmpty()) {
                changed = ProbedClass.write(file, sites);
            }
        }
        return changed;
    }

    private List<ProbeSite> sites(Subject subject, List<WantedMethods> alike, ClassFile file)
            throws ReflectiveOperationException {
        List<ProbeSite> sites = new ArrayList<>();
        List<WantedMethods> without = new ArrayList<>(alike);
        for (ClassFile.Method method : file.allMethods()) {
            List<WantedMethods> those = new ArrayList<>();
            for (WantedMethods each : alike) {
                boolean isBridge = (method.access() & BRIDGE) != 0;
                if (!isBridge && each.matches(method.name(), method.descriptor())) {
                    those.add(each);
                }
            }
            without.removeAll(those);
            ProbeSite site = those.isEmpty() ? null : site(subject, those, file, method);
            if (site != null) {
                sites.add(site);
            }
        }
        for (WantedMethods each : without) {
            each.foundWithout(shortened(subject.name.replace('/', '.')), file.allMethods());
        }
        return sites;
    }

    private @Nullable ProbeSite site(
            Subject subject, List<WantedMethods> those, ClassFile file, ClassFile.Method method)
            throws ReflectiveOperationException {
        String name = subject.name.replace('/', '.') + "." + method.name();
        String reason = Untouchable.reason(method.access(), file.isReplacedByJvm(method));
        if (reason.isEmpty()) {
            try {
                ProbeSite site =
                        probes.site(
                                subject.loader,
                                subject.name,
                                subject.redefined,
                                file,
                                method,
                                those);
                reason = ProbedClass.obstacle(file, site);
                boolean isWanted = false;
                for (WantedMethods each : those) {
                    isWanted |= reason.isEmpty() && each.add(name + method.descriptor());
                }
                if (isWanted) {
                    return site;
                }
            } catch (MethodPlan.NotYetException e) {
                subject.isUnfinished = true;
                return null;
            } catch (IllegalArgumentException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        for (WantedMethods each : those) {
            if (!reason.isEmpty()) {
                each.remark(shortened(name) + " is not recorded: " + reason);
            }
        }
        return null;
    }

    private static String shortened(String name) {
        return name.length() <= MOST_SAID ? name : name.substring(0, MOST_SAID) + "…";
    }
}
