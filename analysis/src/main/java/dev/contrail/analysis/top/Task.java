// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.top.LocalFacts.LocalThread;
import dev.contrail.analysis.top.Tally.Sum;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One thread of the machine.
final class Task {
    /// That a time is not known, or that something is not so now.
    static final long NEVER = Long.MIN_VALUE;

    /// Different system calls that a thread is asked of, at most: Linux has fewer than 500.
    static final int MAX_CALLS = 1024;

    /// Others that had the processor while this thread waited for it, at most; then they are one.
    static final int MAX_CULPRITS = 16;

    /// The number of the others that had the processor.
    static final long OTHER_CULPRITS = -1;

    private static final byte[] NO_NAME = {};

    private final Interval interval;
    private final long tid;

    final Tally sums;
    final Durations waits;
    final Durations transfers;

    /// Negative until it is known.
    private long pid = -1;

    private long priority = NEVER;
    private byte[] rawName = NO_NAME;
    private String name = "";

    /// What it runs, as the machine says; null until that was asked.
    private @Nullable String asked;

    /// Whether the machine was asked what is not known.
    private boolean isCompleted;

    /// What it runs, as it says itself.
    private String described = "";

    private final Map<String, Durations> calls = new HashMap<>();
    private final Map<Long, Tally> culprits = new HashMap<>();

    /// Since when it has had a processor, as far as that is accounted for.
    long runningSince = NEVER;

    /// The one that it had last.
    long runningCpu;

    /// Since when it has waited for one.
    long waitingSince = NEVER;

    /// Up to when its waiting is accounted for.
    long waitSettled = NEVER;

    long waitingCpu;

    /// The system call that it is in; empty for none.
    String call = "";

    long callBegin;

    /// What the call reads from, writes to, opens or closes; negative for nothing that is known.
    long callDescriptor = -1;

    /// The second descriptor of a call that copies.
    long callOther = -1;

    /// What the call opens; null when that is not known.
    @Nullable String callFile;

    Task(long tid, Interval interval) {
        this.tid = tid;
        this.interval = interval;
        sums = new Tally(interval);
        waits = new Durations(interval);
        transfers = new Durations(interval);
    }

    long tid() {
        return tid;
    }

    boolean isProcessKnown() {
        return pid >= 0;
    }

    /// Its process; the thread's own number as long as that is not known.
    long pid() {
        return pid >= 0 ? pid : tid;
    }

    void setPid(long process) {
        pid = process;
    }

    /// As the kernel says it to user space: 20 is nice 0; [#NEVER] until it is known.
    long priority() {
        return priority;
    }

    void setPriority(long now) {
        priority = now;
    }

    String name() {
        return name;
    }

    /// Whether its name is that of a virtual machine, and not of the program that it runs.
    boolean isVirtualMachine() {
        return name.equals("java");
    }

    /// Has the machine say what is not known of it, once.
    void complete(LocalFacts facts) {
        if (!isCompleted && (!isProcessKnown() || name.isEmpty())) {
            isCompleted = true;
            facts.thread(tid).ifPresent(this::complete);
        }
    }

    private void complete(LocalThread known) {
        if (!isProcessKnown()) {
            pid = known.pid();
        }
        if (name.isEmpty()) {
            rename(known.name().getBytes(StandardCharsets.UTF_8));
        }
    }

    /// What it runs, where its name says only by what; empty when nobody knows.
    String program(LocalFacts facts) {
        String known = asked;
        if (known == null) {
            known = facts.program(tid);
            asked = known;
        }
        return known.isEmpty() ? described : known;
    }

    /// It says what it runs.
    void describe(String program) {
        described = program;
    }

    /// It runs something else.
    void forgetProgram() {
        asked = null;
        described = "";
    }

    /// The bytes of its name.
    byte[] rawName() {
        return rawName;
    }

    void rename(byte[] bytes) {
        if (bytes.length > 0) {
            rawName = bytes;
            name = new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /// Whether it was seen on a processor.
    boolean hasRun() {
        return isRunning() || sums.get(Sum.SWITCHES, Period.TOTAL) > 0;
    }

    boolean isRunning() {
        return runningSince != NEVER;
    }

    boolean isWaiting() {
        return waitingSince != NEVER;
    }

    /// Accounts for its time on a processor up to now.
    void settleRun(long now) {
        if (isRunning()) {
            sums.add(Sum.RUN, now - runningSince);
            runningSince = now;
        }
    }

    /// Accounts for its waiting up to now.
    ///
    /// @param culprit the thread that had the processor; 0 when it was idle
    void settleWait(long now, long culprit) {
        long waited = now - waitSettled;
        if (!isWaiting() || waited <= 0) {
            return;
        }
        waitSettled = now;
        sums.add(Sum.WAIT, waited);
        Tally known = culprits.get(culprit);
        if (known == null) {
            if (culprits.size() >= MAX_CULPRITS) {
                forgetLeast();
            }
            known = new Tally(interval);
            culprits.put(culprit, known);
        }
        known.add(Sum.WAIT, waited);
    }

    /// Has the one that had the processor for the shortest time go to the others.
    private void forgetLeast() {
        long least = Long.MAX_VALUE;
        long chosen = OTHER_CULPRITS;
        for (Map.Entry<Long, Tally> each : culprits.entrySet()) {
            long had = each.getValue().get(Sum.WAIT, Period.TOTAL);
            if (each.getKey() != OTHER_CULPRITS && had < least) {
                least = had;
                chosen = each.getKey();
            }
        }
        Tally gone = culprits.remove(chosen);
        if (gone != null) {
            culprits.computeIfAbsent(OTHER_CULPRITS, _ -> new Tally(interval)).addAll(gone);
        }
    }

    /// Who had the processor while this thread waited, by thread number.
    Map<Long, Tally> culprits() {
        return culprits;
    }

    /// Counts a system call.
    void addCall(String of, long nanos, long error) {
        sums.add(Sum.CALLS, 1);
        sums.add(Sum.CALL_NANOS, nanos);
        if (error != 0) {
            sums.add(Sum.CALL_ERRORS, 1);
        }
        Durations known = calls.get(of);
        if (known == null && calls.size() >= MAX_CALLS) {
            known = calls.computeIfAbsent("(others)", _ -> new Durations(interval));
        } else if (known == null) {
            known = new Durations(interval);
            calls.put(of, known);
        }
        known.add(nanos, error);
    }

    /// System calls by name.
    Map<String, Durations> calls() {
        return calls;
    }

    /// Takes over what another thread has counted, which is then no more.
    void addAll(Task other) {
        sums.addAll(other.sums);
        waits.addAll(other.waits);
        transfers.addAll(other.transfers);
        other.calls.forEach((of, durations) ->
                calls.computeIfAbsent(of, _ -> new Durations(interval)).addAll(durations));
    }
}
