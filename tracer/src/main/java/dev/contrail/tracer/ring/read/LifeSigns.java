// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import dev.contrail.tracer.process.ClockPair;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.process.WriterProcess;
import dev.contrail.tracer.process.WriterState;
import dev.contrail.tracer.ring.Layout;
import java.io.IOException;

/// What a ring tells of the process that writes it: which one it is, whether it runs, and until
/// when it may have recorded. Owned by the thread that owns the file.
final class LifeSigns {
    /// A process gives a sign of life each second, and looks twice a second whether it is time.
    private static final long LONGEST_BEAT_NANOS = 2_000_000_000L;

    private final RingView view;
    private final WriterProcess writer;
    private final long clockOffset;

    LifeSigns(RingView view) {
        this.view = view;
        boolean isNamespaceTold = view.getShort(Layout.H_MINOR) >= 1;
        writer =
                new WriterProcess(
                        view.getLong(Layout.H_PROCESS_ID),
                        view.getLong(Layout.H_PROCESS_START),
                        isNamespaceTold ? view.getLong(Layout.H_PID_NAMESPACE) : 0,
                        isNamespaceTold ? view.getUuid(Layout.H_BOOT) : ProcFacts.NO_BOOT,
                        view.file());
        clockOffset = view.getLong(Layout.H_REALTIME) - view.getLong(Layout.H_MONOTONIC);
    }

    WriterState writer() {
        return writer.state();
    }

    /// The process id as this process counts; 0 when it cannot be found.
    long foundProcessId() {
        return writer.foundId();
    }

    /// Nanoseconds since 1970 at tick zero.
    long clockOffset() {
        return clockOffset;
    }

    /// Whether its times are of this boot of the machine: a ring on a disk outlives one.
    boolean isOfThisBoot() throws IOException {
        return view.guarded(() ->
                view.getShort(Layout.H_MINOR) < 1
                        || view.getUuid(Layout.H_BOOT).equals(ProcFacts.BOOT));
    }

    /// How long ago the process last gave a sign of life, in nanoseconds, when there was another
    /// sign at the time `sign`, by the ring's clock; 0 for none.
    long silentNanos(long sign) throws IOException {
        return view.guarded(() -> {
            long beat = view.getLongAcquire(Layout.H_HEARTBEAT);
            long last = sign == 0 ? beat : Math.max(sign, beat);
            if (!isOfThisBoot()) {
                ClockPair now = ClockPair.read(1);
                return Math.max(0, now.realtime() - clockOffset - last);
            }
            return Math.max(0, TracerClock.nanos() - last);
        });
    }

    /// When the tracer's link thread last ran (`CLOCK_MONOTONIC`).
    long heartbeatNanos() throws IOException {
        return view.guarded(() -> view.getLongAcquire(Layout.H_HEARTBEAT));
    }

    /// Whether the process has said that it ends. One with an older tracer could not say so.
    boolean isEndTold() throws IOException {
        return view.guarded(
                () -> view.getShort(Layout.H_MINOR) < 7 || view.getLongAcquire(Layout.H_END) != 0);
    }

    /// Until when the process may have recorded, by the ring's clock: for one that has ended a
    /// little after its last sign of life, and always the same; `Long.MAX_VALUE` for one that may
    /// live.
    long untilTicks() throws IOException {
        return writer() == WriterState.ENDED
                ? heartbeatNanos() + LONGEST_BEAT_NANOS
                : Long.MAX_VALUE;
    }
}
