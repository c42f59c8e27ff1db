// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.LttngError;

/// LTTng's channel attributes where the user says nothing (`lttng-cli.md` section 5), and their
/// bounds.
public final class ChannelDefaults {
    private static final int PAGE_BYTES = 4096;
    private static final long MAX_CHANNEL_BYTES = 1L << 40;

    private ChannelDefaults() {}

    public static ChannelAttributes of(DomainName domain, boolean isSnapshot) {
        boolean isKernel = domain == DomainName.KERNEL;
        return new ChannelAttributes(
                isSnapshot ? LossMode.OVERWRITE : LossMode.DISCARD,
                isKernel ? 1024 * 1024 : 512 * 1024,
                4,
                0,
                isKernel ? 200_000 : 0,
                1_000_000,
                0,
                0,
                isKernel && !isSnapshot ? "splice" : "mmap");
    }

    /// Fills in what is -1 or empty in `given`, and checks the rest.
    public static ChannelAttributes complete(
            DomainName domain, boolean isSnapshot, boolean hasLossMode, ChannelAttributes given)
            throws RefusedException {
        ChannelAttributes defaults = of(domain, isSnapshot);
        var complete =
                new ChannelAttributes(
                        hasLossMode ? given.lossMode() : defaults.lossMode(),
                        or(given.subBufferBytes(), defaults.subBufferBytes()),
                        (int) or(given.subBufferCount(), defaults.subBufferCount()),
                        or(given.switchTimerMicros(), defaults.switchTimerMicros()),
                        or(given.readTimerMicros(), defaults.readTimerMicros()),
                        or(given.monitorTimerMicros(), defaults.monitorTimerMicros()),
                        or(given.traceFileBytes(), 0),
                        (int) or(given.traceFileCount(), 0),
                        given.output().isEmpty() || isSnapshot
                                ? defaults.output()
                                : given.output());
        check(complete);
        return complete;
    }

    private static void check(ChannelAttributes attributes) throws RefusedException {
        long size = attributes.subBufferBytes();
        int count = attributes.subBufferCount();
        if (size < PAGE_BYTES || Long.bitCount(size) != 1) {
            throw new RefusedException(
                    LttngError.INVALID,
                    "Sub-buffer size %d: want a power of two of at least %d bytes"
                            .formatted(size, PAGE_BYTES));
        }
        if (count < 1 || Integer.bitCount(count) != 1) {
            throw new RefusedException(
                    LttngError.INVALID,
                    "Sub-buffer count %d: want a power of two".formatted(count));
        }
        if (attributes.lossMode() == LossMode.OVERWRITE && count < 2) {
            throw new RefusedException(
                    LttngError.INVALID, "Overwrite mode needs at least 2 sub-buffers");
        }
        if (size > MAX_CHANNEL_BYTES / count) {
            throw new RefusedException(
                    LttngError.NOMEM,
                    "%d sub-buffers of %d bytes are too large: want at most %d bytes together"
                            .formatted(count, size, MAX_CHANNEL_BYTES));
        }
        if (attributes.traceFileBytes() > 0 && attributes.traceFileBytes() < size) {
            throw new RefusedException(
                    LttngError.INVALID,
                    "Trace file size %d: want at least the sub-buffer size, %d"
                            .formatted(attributes.traceFileBytes(), size));
        }
    }

    private static long or(long given, long otherwise) {
        return given < 0 ? otherwise : given;
    }
}
