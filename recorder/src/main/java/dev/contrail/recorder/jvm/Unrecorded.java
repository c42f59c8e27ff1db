// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.recorder.jvm.ring.Ledger;
import dev.contrail.wire.Warning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The JVMs that a session would record and cannot, or not their log records, and what would help
/// them. The control thread says who they are, any thread reads the notes.
final class Unrecorded {
    private static final int MAX_NAMED = 3;
    private static final int MAX_REASONS = 8;

    /// JVMs that are told from each other; each report of more is one JVM.
    private static final int MAX_LATE = 10_000;

    private final Map<String, Integer> ended = new LinkedHashMap<>();
    private final Map<String, Integer> endedPartly = new LinkedHashMap<>();
    private final List<Warning.RecordedLate> late = new ArrayList<>();
    private final Set<String> lateNames = new HashSet<>();
    private long lateUnnamed;
    private final Ring ledger;
    private volatile List<Warning> obstacles = List.of();
    private volatile List<String> notes = List.of();

    /// @param directory of a trace
    Unrecorded(int channelId, String directory) {
        ledger =
                new Ledger(
                        channelId,
                        () ->
                                new RingAccount(
                                        directory,
                                        "unrecorded JVMs",
                                        0,
                                        0,
                                        0,
                                        Long.MAX_VALUE,
                                        Long.MIN_VALUE,
                                        notes));
    }

    /// A JVM has ended and could not be recorded.
    void ended(String reason) {
        count(ended, reason);
    }

    /// A JVM has ended, and its log records, or methods, could not all be recorded.
    void endedWithout(String reason) {
        count(endedPartly, reason);
    }

    private static void count(Map<String, Integer> counts, String reason) {
        if (counts.size() < MAX_REASONS || counts.containsKey(reason)) {
            counts.merge(reason, 1, Integer::sum);
        }
    }

    /// A JVM is recorded, but not from its beginning.
    ///
    /// @param what it says of that, a clause
    void late(String who, String what) {
        if (lateNames.size() < MAX_LATE || lateNames.contains(who)) {
            lateNames.add(who);
        } else {
            lateUnnamed++;
        }
        var warning = new Warning.RecordedLate(who, what);
        if (late.size() < MAX_NAMED && !late.contains(warning)) {
            late.add(warning);
        }
    }

    /// @param reasons why, by who it is, of all that run
    /// @param partly the same of those of which log records or methods alone are missing
    void now(Map<String, String> reasons, Map<String, List<String>> partly) {
        var all = new ArrayList<Warning>();
        var unrecorded = new LinkedHashMap<String, List<String>>();
        reasons.forEach((who, why) -> add(unrecorded, why, who));
        several(unrecorded)
                .forEach((why, who) -> {
                    if (who.size() > MAX_NAMED) {
                        all.add(new Warning.ManyNotRecorded(who.size(), why));
                    } else {
                        who.forEach(each -> all.add(new Warning.NotRecorded(each, why)));
                    }
                });
        ended.forEach((why, count) -> all.add(new Warning.EndedUnrecorded(count, why)));
        var incomplete = new LinkedHashMap<String, List<String>>();
        partly.forEach((who, whys) -> whys.forEach(why -> add(incomplete, why, who)));
        several(incomplete)
                .forEach((why, who) -> {
                    String named =
                            who.size() > MAX_NAMED ? who.size() + " JVMs" : String.join(", ", who);
                    all.add(new Warning.NotFollowed(named, why));
                });
        endedPartly.forEach((why, count) -> all.add(new Warning.NotFollowed(jvms(count), why)));
        all.addAll(late);
        long named = late.stream().map(Warning.RecordedLate::application).distinct().count();
        long more = lateNames.size() + lateUnnamed - named;
        if (more > 0) {
            all.add(new Warning.MoreRecordedLate(more));
        }
        obstacles = List.copyOf(all);
        var lines = new ArrayList<String>(all.stream().map(Warning::text).toList());
        var remedies = new LinkedHashSet<String>();
        reasons.values()
                .forEach(why -> Remedy.of(why).ifPresent(each -> remedies.add(each.help())));
        ended.keySet().forEach(why -> Remedy.of(why).ifPresent(each -> remedies.add(each.help())));
        remedies.forEach(each -> lines.add("what helps: " + each));
        notes = List.copyOf(lines);
    }

    private static void add(Map<String, List<String>> byReason, String why, String who) {
        byReason.computeIfAbsent(why, _ -> new ArrayList<>()).add(who);
    }

    /// The first reasons with those for whom they are true, and one more for all others.
    private static Map<String, List<String>> several(Map<String, List<String>> byReason) {
        var several = new LinkedHashMap<String, List<String>>();
        var others = new LinkedHashSet<String>();
        var whys = new ArrayList<String>();
        byReason.forEach((why, who) -> {
            if (several.size() < MAX_REASONS - 1 || byReason.size() <= MAX_REASONS) {
                several.put(why, who);
            } else {
                others.addAll(who);
                whys.add(why);
            }
        });
        if (!whys.isEmpty()) {
            several.put(
                    "%s (and %,d more reasons)".formatted(whys.getFirst(), whys.size() - 1),
                    List.copyOf(others));
        }
        return several;
    }

    private static String jvms(int ended) {
        return ended == 1 ? "1 JVM that ended" : ended + " JVMs that ended";
    }

    /// One for each of them, or for many.
    List<Warning> obstacles() {
        return obstacles;
    }

    /// Tells the obstacles and what would help as its notes.
    Ring ledger() {
        return ledger;
    }
}
