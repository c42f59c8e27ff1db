// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.top.EventShape.Meaning;
import dev.contrail.analysis.top.Tally.Sum;
import dev.contrail.ctf.decode.PacketDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The threads and processors of one machine, as the scheduler's events and the state dump tell.
final class Scheduling {
    /// Threads that are remembered one by one, the dead too.
    static final int MAX_TASKS = 16384;

    /// Of these, those that have ended.
    static final int MAX_ENDED = 12288;

    /// Processors.
    static final int MAX_CPUS = 4096;

    private static final int PREV_TID = Meaning.SWITCH.field("prev_tid");
    private static final int PREV_STATE = Meaning.SWITCH.field("prev_state");
    private static final int PREV_COMM = Meaning.SWITCH.field("prev_comm");
    private static final int PREV_PRIO = Meaning.SWITCH.field("prev_prio");
    private static final int NEXT_TID = Meaning.SWITCH.field("next_tid");
    private static final int NEXT_COMM = Meaning.SWITCH.field("next_comm");
    private static final int NEXT_PRIO = Meaning.SWITCH.field("next_prio");
    private static final int WOKEN = Meaning.WAKEUP.field("tid");
    private static final int TARGET_CPU = Meaning.WAKEUP.field("target_cpu");
    private static final int WOKEN_COMM = Meaning.WAKEUP.field("comm");
    private static final int MIGRATED = Meaning.MIGRATION.field("tid");
    private static final int DEST_CPU = Meaning.MIGRATION.field("dest_cpu");
    private static final int MIGRATED_COMM = Meaning.MIGRATION.field("comm");
    private static final int CHILD = Meaning.FORK.field("child_tid");
    private static final int CHILD_PID = Meaning.FORK.field("child_pid");
    private static final int CHILD_COMM = Meaning.FORK.field("child_comm");
    private static final int PARENT = Meaning.FORK.field("parent_tid");
    private static final int PARENT_PID = Meaning.FORK.field("parent_pid");
    private static final int EXECUTED_BY = Meaning.EXEC.field("tid");
    private static final int EXECUTED = Meaning.EXEC.field("filename");
    private static final int ENDED = Meaning.EXIT.field("tid");
    private static final int DUMPED = Meaning.PROCESS.field("tid");
    private static final int DUMPED_PID = Meaning.PROCESS.field("pid");
    private static final int DUMPED_NAME = Meaning.PROCESS.field("name");

    /// Of a thread's state the bits that say what it waits for; others say that it was preempted,
    /// or is about to end.
    private static final long WAITS_FOR = 0xff;

    /// The kernel cuts names to so many bytes.
    private static final int LONGEST_NAME = 15;

    private final BoundedRows<Long, Task> tasks;
    private final BoundedRows<Long, Cpu> cpus;
    private final Task others;
    private final Task unknown;

    Scheduling(Interval interval) {
        others = new Task(-1, interval);
        unknown = new Task(-2, interval);
        cpus =
                new BoundedRows<>(
                        MAX_CPUS,
                        number -> new Cpu(number, interval),
                        _ -> false,
                        cpu -> stop(cpu.current, cpu));
        tasks =
                new BoundedRows<>(
                        MAX_TASKS,
                        MAX_ENDED,
                        tid -> new Task(tid, interval),
                        Task::isRunning,
                        this::leave);
    }

    private void leave(Task task) {
        if (task.isWaiting()) {
            cpus.get(task.waitingCpu).forget(task);
        }
        others.addAll(task);
    }

    /// All threads that are remembered one by one, but for the idle ones.
    Collection<Task> tasks() {
        return tasks.all();
    }

    /// What all other threads have done.
    Task others() {
        return others;
    }

    /// Who had processors between two switches that do not belong together: what was between them
    /// was not recorded.
    Task unknown() {
        return unknown;
    }

    Collection<Cpu> cpus() {
        return cpus.all();
    }

    Task task(long tid) {
        return tasks.get(tid);
    }

    @Nullable Task find(long tid) {
        return tasks.find(tid);
    }

    /// The thread that has a processor; null when that is not known, or none has.
    @Nullable Task current(long cpu) {
        Cpu known = cpus.find(cpu);
        return known == null ? null : known.current;
    }

    /// Accounts for what goes on at that time.
    void settle(long now) {
        for (Cpu each : cpus.all()) {
            each.settle(now);
            settleUnsure(each, now);
        }
        tasks.all().forEach(each -> each.settleRun(now));
    }

    /// @param begin when the account begins
    void change(
            EventShape shape, PacketDecoder decoder, int first, long onCpu, long now, long begin) {
        Cpu cpu = cpus.get(onCpu);
        long previous = shape.number(decoder, first, PREV_TID);
        long next = shape.number(decoder, first, NEXT_TID);
        endUnseenWait(previous);
        cpu.settleWaiting(now);
        if (cpu.lastSwitch == Task.NEVER && previous != 0) {
            cpu.busySince = begin;
        }
        if (cpu.busySince != Task.NEVER) {
            cpu.sums.add(Sum.RUN, now - cpu.busySince);
        }
        cpu.busySince = next == 0 ? Task.NEVER : now;
        cpu.sums.add(Sum.SWITCHES, 1);
        Task expected = cpu.current;
        boolean isUnsure = cpu.unsureSince != Task.NEVER;
        settleUnsure(cpu, now);
        cpu.unsureSince = Task.NEVER;
        if (expected == null && cpu.lastSwitch != Task.NEVER && !isUnsure) {
            cpu.hidesIdle = previous != 0;
        }
        if (expected != null && expected.tid() != previous) {
            stop(expected, cpu); // it gave it away at a time that was not recorded
            unknown.sums.add(Sum.RUN, now - cpu.lastSwitch);
        }
        if (previous != 0) {
            Task task = tasks.get(previous);
            boolean isFirst = cpu.lastSwitch == Task.NEVER && !task.hasRun();
            if (isFirst) {
                task.runningSince = begin; // it has had this processor all the time
            }
            name(task, shape, decoder, first, PREV_COMM);
            task.setPriority(shape.number(decoder, first, PREV_PRIO));
            task.settleRun(now);
            task.runningSince = Task.NEVER;
            task.sums.add(Sum.SWITCHES, 1);
            if ((shape.number(decoder, first, PREV_STATE) & WAITS_FOR) == 0) {
                cpu.await(task, now);
            }
        }
        if (next != 0) {
            Task task = tasks.get(next);
            name(task, shape, decoder, first, NEXT_COMM);
            task.setPriority(shape.number(decoder, first, NEXT_PRIO));
            endWait(task, now);
            take(cpu, task, now);
        } else {
            cpu.current = null;
        }
        cpu.lastSwitch = now;
    }

    /// A thread that gives a processor away has not waited for one until now: when it got this one
    /// was not recorded.
    private void endUnseenWait(long tid) {
        Task task = tid == 0 ? null : tasks.find(tid);
        if (task != null && task.isWaiting()) {
            cpus.get(task.waitingCpu).forget(task);
            task.waitingSince = Task.NEVER;
        }
    }

    /// Some of what a processor has recorded is missing: who has it now is not known, nor who waits
    /// for any, as others were woken and moved from here.
    void miss(long onCpu, long now) {
        cpus.all().forEach(Cpu::forgetWaiting);
        Cpu cpu = cpus.find(onCpu);
        Task lost = cpu == null ? null : cpu.current;
        if (cpu == null || lost == null) {
            return;
        }
        boolean isHere = lost.isRunning() && lost.runningCpu == onCpu;
        settleUnsure(cpu, now);
        cpu.unsureSince = isHere ? lost.runningSince : now;
        lost.call = ""; // it may have left that, and be in another one
        stop(lost, cpu);
        cpu.current = null;
    }

    private void settleUnsure(Cpu cpu, long now) {
        if (cpu.unsureSince != Task.NEVER) {
            unknown.sums.add(Sum.RUN, now - cpu.unsureSince);
            cpu.unsureSince = now;
        }
    }

    private static void stop(@Nullable Task task, Cpu cpu) {
        if (task != null && task.runningCpu == cpu.number()) {
            task.runningSince = Task.NEVER;
        }
    }

    private static void name(
            Task task, EventShape shape, PacketDecoder decoder, int first, int field) {
        if (!shape.isText(decoder, first, field, task.rawName())) {
            task.rename(shape.text(decoder, first, field));
        }
    }

    private void endWait(Task task, long now) {
        if (task.isWaiting()) {
            Cpu cpu = cpus.get(task.waitingCpu);
            cpu.forget(task);
            task.settleWait(now, cpu.current == null ? 0 : cpu.current.tid());
            task.waits.add(now - task.waitingSince, 0);
            task.sums.add(Sum.WAITS, 1);
            task.waitingSince = Task.NEVER;
        }
    }

    void wake(EventShape shape, PacketDecoder decoder, int first, long onCpu, long now) {
        long tid = shape.number(decoder, first, WOKEN);
        if (tid == 0) {
            return;
        }
        Cpu target =
                cpus.get(shape.has(TARGET_CPU) ? shape.number(decoder, first, TARGET_CPU) : onCpu);
        Task task = tasks.get(tid);
        if (task.name().isEmpty()) {
            task.rename(shape.text(decoder, first, WOKEN_COMM));
        }
        if (task.isRunning()) {
            return;
        }
        if (target.hidesIdle && target.current == null && target.unsureSince == Task.NEVER) {
            endWait(task, now);
            take(target, task, now); // unseen, as the last one did
            target.busySince = now;
            target.lastSwitch = now;
        } else {
            move(task, target, now);
        }
    }

    private static void take(Cpu cpu, Task task, long now) {
        task.runningSince = now;
        task.runningCpu = cpu.number();
        cpu.current = task;
    }

    private void move(Task task, Cpu target, long now) {
        if (task.isWaiting()) {
            if (task.waitingCpu == target.number()) {
                return;
            }
            Cpu before = cpus.get(task.waitingCpu);
            before.settleWaiting(now);
            before.forget(task);
        }
        target.await(task, now);
    }

    void migrate(EventShape shape, PacketDecoder decoder, int first, long now) {
        long tid = shape.number(decoder, first, MIGRATED);
        if (tid == 0) {
            return;
        }
        Task task = tasks.get(tid);
        if (task.name().isEmpty()) {
            task.rename(shape.text(decoder, first, MIGRATED_COMM));
        }
        task.sums.add(Sum.MIGRATIONS, 1);
        if (task.isWaiting() && shape.has(DEST_CPU)) {
            move(task, cpus.get(shape.number(decoder, first, DEST_CPU)), now);
        }
    }

    /// A thread begins.
    ///
    /// @return it, and which process it is of
    Task fork(EventShape shape, PacketDecoder decoder, int first) {
        long tid = shape.number(decoder, first, CHILD);
        Task parent = tasks.get(shape.number(decoder, first, PARENT));
        if (!parent.isProcessKnown() && shape.has(PARENT_PID)) {
            parent.setPid(shape.number(decoder, first, PARENT_PID));
        }
        Task child = tasks.get(tid);
        tasks.begin(tid);
        child.call = "";
        child.forgetProgram();
        child.rename(shape.text(decoder, first, CHILD_COMM));
        long pid = shape.has(CHILD_PID) ? shape.number(decoder, first, CHILD_PID) : tid;
        // tracefs does not say whether a thread begins or a process; C libraries make threads with
        // this call, and what they make with it that is a process soon executes a program.
        child.setPid(pid == tid && parent.call.equals("clone3") ? parent.pid() : pid);
        return child;
    }

    /// The thread that a new one is of.
    Task parent(EventShape shape, PacketDecoder decoder, int first) {
        return tasks.get(shape.number(decoder, first, PARENT));
    }

    void execute(EventShape shape, PacketDecoder decoder, int first) {
        Task task = tasks.get(shape.number(decoder, first, EXECUTED_BY));
        task.setPid(task.tid());
        task.forgetProgram();
        String path = new String(shape.text(decoder, first, EXECUTED), StandardCharsets.UTF_8);
        byte[] name = path.substring(path.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
        task.rename(name.length <= LONGEST_NAME ? name : Arrays.copyOf(name, LONGEST_NAME));
    }

    /// A thread ends.
    ///
    /// @return it; null when nothing is known of it
    @Nullable Task end(EventShape shape, PacketDecoder decoder, int first) {
        Task task = tasks.find(shape.number(decoder, first, ENDED));
        if (task != null) {
            if (task.isWaiting()) {
                cpus.get(task.waitingCpu).forget(task);
                task.waitingSince = Task.NEVER;
            }
            tasks.end(task.tid());
        }
        return task;
    }

    void dump(EventShape shape, PacketDecoder decoder, int first) {
        long tid = shape.number(decoder, first, DUMPED);
        if (tid == 0) {
            return;
        }
        Task task = tasks.get(tid);
        tasks.begin(tid);
        task.setPid(shape.number(decoder, first, DUMPED_PID));
        if (task.name().isEmpty()) {
            task.rename(shape.text(decoder, first, DUMPED_NAME));
        }
    }
}
