// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.ring.write.ThreadSlot;
import dev.contrail.tracer.tap.ClassFile;
import dev.contrail.tracer.tap.ListedParameter;
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

    private final Probes probes;
    private final Runnable announce;

    /// Those that are carried out, in a list that never changes.
    private volatile List<WantedMethods> wanted = List.of();

    /// @param announce tells daemons of new event classes, and waits for their orders, not for long
    MethodTransformer(Probes probes, Runnable announce) {
        this.probes = probes;
        this.announce = announce;
    }

    /// Lists of parameters that classes would lose, in a map that never changes.
    private volatile Map<Class<?>, Map<String, List<ListedParameter>>> kept = Map.of();

    /// Puts these lists of parameters into the files of these classes, whatever else is changed.
    void keep(Map<Class<?>, Map<String, List<ListedParameter>>> parameters) {
        kept = Map.copyOf(parameters);
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
            if (className == null || wanted.isEmpty() && kept.isEmpty()) {
                return null;
            }
            matching = matching(className.replace('/', '.'));
            byte[] whole = whole(redefined, file);
            byte[] changed = whole == file ? null : whole;
            if (!matching.isEmpty()) {
                byte[] probed = changed(loader, className, redefined, matching, whole);
                changed = probed == null ? changed : probed;
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

    /// The file with the lists of parameters that it had.
    private byte[] whole(@Nullable Class<?> redefined, byte[] file) throws IOException {
        Map<String, List<ListedParameter>> lists = redefined == null ? null : kept.get(redefined);
        return lists == null ? file : ListedParameters.restore(file, lists);
    }

    private List<WantedMethods> matching(String className) {
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
            @Nullable ClassLoader loader,
            String className,
            @Nullable Class<?> redefined,
            List<WantedMethods> matching,
            byte[] original)
            throws IOException, ReflectiveOperationException {
        Map<List<String>, List<WantedMethods>> bySettings = new LinkedHashMap<>();
        for (WantedMethods each : matching) {
            bySettings.computeIfAbsent(each.rule.settings(), key -> new ArrayList<>()).add(each);
        }
        byte[] changed = null;
        for (List<WantedMethods> alike : bySettings.values()) {
            byte[] before = changed == null ? original : changed;
            ClassFile file = new ClassFile(before);
            List<ProbeSite> sites = sites(loader, className, redefined, alike, file);
            if (!sites.isEmpty()) {
                changed = ProbedClass.write(file, sites);
            }
        }
        return changed;
    }

    private List<ProbeSite> sites(
            @Nullable ClassLoader loader,
            String className,
            @Nullable Class<?> redefined,
            List<WantedMethods> alike,
            ClassFile file)
            throws ReflectiveOperationException {
        List<ProbeSite> sites = new ArrayList<>();
        for (ClassFile.Method method : file.allMethods()) {
            List<WantedMethods> those = new ArrayList<>();
            for (WantedMethods each : alike) {
                boolean isBridge = (method.access() & BRIDGE) != 0;
                if (!isBridge && each.matches(method.name(), method.descriptor())) {
                    those.add(each);
                }
            }
            ProbeSite site =
                    those.isEmpty()
                            ? null
                            : site(loader, className, redefined, those, file, method);
            if (site != null) {
                sites.add(site);
            }
        }
        return sites;
    }

    private @Nullable ProbeSite site(
            @Nullable ClassLoader loader,
            String className,
            @Nullable Class<?> redefined,
            List<WantedMethods> those,
            ClassFile file,
            ClassFile.Method method)
            throws ReflectiveOperationException {
        String name = className.replace('/', '.') + "." + method.name();
        String reason = Untouchable.reason(method.access(), file.isReplacedByJvm(method));
        if (reason.isEmpty()) {
            try {
                ProbeSite site = probes.site(loader, className, redefined, file, method, those);
                reason = ProbedClass.obstacle(file, site);
                boolean isWanted = false;
                for (WantedMethods each : those) {
                    isWanted |= reason.isEmpty() && each.add(name + method.descriptor());
                }
                if (isWanted) {
                    return site;
                }
            } catch (MethodPlan.NotYetException e) {
                return null;
            } catch (IllegalArgumentException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        for (WantedMethods each : those) {
            if (!reason.isEmpty()) {
                each.remark(name + " is not recorded: " + reason);
            }
        }
        return null;
    }
}
