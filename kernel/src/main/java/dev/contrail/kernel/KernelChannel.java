// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.Reason;
import dev.contrail.kernel.tracefs.Instance;
import dev.contrail.kernel.tracefs.KernelEvent;
import dev.contrail.wire.Warning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One channel's instance and the events that are enabled in it. Owned by the domain's thread.
final class KernelChannel {
    private static final String SCHEDULER = "sched";
    private static final int FILTERS_AT_A_TIME = 64;

    private final Instance instance;
    private final KernelRing ring;
    private final Set<KernelEvent> enabled;
    private List<KernelEvent> filtersToSee = List.of();

    KernelChannel(Instance instance, KernelRing ring) throws IOException {
        this.instance = instance;
        this.ring = ring;
        enabled = new LinkedHashSet<>(instance.enabledEvents());
    }

    Instance instance() {
        return instance;
    }

    KernelRing ring() {
        return ring;
    }

    /// Records `wanted` from now on: nothing before all are enabled, nothing more once it is empty.
    ///
    /// @return a line for each event that could not be switched
    List<Warning> record(Set<KernelEvent> wanted, boolean isActive) throws IOException {
        var failed = new ArrayList<Warning>();
        if (!isActive) {
            instance.record(false);
        }
        for (KernelEvent event : inOrderOfDisabling()) {
            if (!wanted.contains(event)) {
                change(event, false, failed);
            }
        }
        for (KernelEvent event : wanted) {
            if (!enabled.contains(event)) {
                change(event, true, failed);
            }
        }
        if (isActive) {
            instance.record(true);
        }
        return failed;
    }

    /// Undoes what somebody else has done to the instance.
    ///
    /// @return what that was, a phrase for each
    List<String> restore() throws IOException {
        var found = new ArrayList<String>();
        var present = instance.enabledEvents();
        long missing = 0;
        for (KernelEvent event : enabled) {
            if (!event.isAlwaysEnabled() && !present.contains(event)) {
                instance.enable(event, true);
                missing++;
            }
        }
        long added = 0;
        for (KernelEvent event : present) {
            if (!enabled.contains(event)) {
                instance.enable(event, false);
                added++;
            }
        }
        if (missing > 0) {
            found.add("deprived of %d of its events".formatted(missing));
        }
        if (added > 0) {
            found.add("given %d events more".formatted(added));
        }
        long filtered = restoreFilters();
        if (filtered > 0) {
            found.add("given filters for %d of its events".formatted(filtered));
        }
        found.addAll(instance.restore());
        return found;
    }

    /// Looks at some events' filters, at others the next time: there may be hundreds.
    private long restoreFilters() throws IOException {
        if (filtersToSee.isEmpty()) {
            filtersToSee = List.copyOf(enabled);
        }
        long filtered = 0;
        int now = Math.min(FILTERS_AT_A_TIME, filtersToSee.size());
        for (KernelEvent event : filtersToSee.subList(0, now)) {
            if (enabled.contains(event)
                    && !event.isAlwaysEnabled()
                    && instance.isFreedOfFilter(event)) {
                filtered++;
            }
        }
        filtersToSee = filtersToSee.subList(now, filtersToSee.size());
        return filtered;
    }

    /// Lets go of the kernel's rings and of the claim: a next daemon goes on.
    void letGo() throws IOException {
        ring.close();
        instance.close();
    }

    /// The scheduler's first. While any event is enabled, the kernel watches the scheduler for the
    /// names of threads; when its last event and that watch end at once, it waits for all CPUs, 6
    /// ms.
    private List<KernelEvent> inOrderOfDisabling() {
        var ordered = new ArrayList<>(enabled);
        ordered.sort(Comparator.comparing(event -> !event.system().equals(SCHEDULER)));
        return ordered;
    }

    private void change(KernelEvent event, boolean isEnabled, List<Warning> failed) {
        if (event.isAlwaysEnabled()) {
            return;
        }
        try {
            instance.enable(event, isEnabled);
            if (isEnabled) {
                enabled.add(event);
            } else {
                enabled.remove(event);
            }
        } catch (IOException refused) {
            failed.add(
                    new Warning.EventNotSwitched(event.toString(), isEnabled, Reason.of(refused)));
        }
    }
}
