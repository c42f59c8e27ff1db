// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How a channel's records are converted: what the control thread declared, for the consumer
/// thread. Immutable.
public final class ChannelEvents {
    /// The channel has no event class for such records.
    static final byte NONE = 0;

    /// One plan for all records of the type.
    public static final byte PLAIN = 1;

    /// The plan depends on the number of the system call.
    public static final byte SYSCALL_ENTRY = 2;

    /// The plan depends on the number of the system call.
    public static final byte SYSCALL_EXIT = 3;

    /// As [#SYSCALL_ENTRY]; the program may be a 32-bit one, whose numbers are others.
    public static final byte RAW_ENTRY = 4;

    /// As [#SYSCALL_EXIT], likewise.
    public static final byte RAW_EXIT = 5;

    private static final int NUMBERS = 1024;

    private final byte[] kinds;
    private final RecordPlan[] plans;
    private final RecordPlan[] entries;
    private final RecordPlan[] exits;
    private final @Nullable RecordPlan unknownEntry;
    private final @Nullable RecordPlan unknownExit;
    private final @Nullable RecordPlan entry32;
    private final @Nullable RecordPlan exit32;

    private ChannelEvents(Builder builder) {
        kinds = builder.kinds;
        plans = builder.plans;
        entries = builder.entries;
        exits = builder.exits;
        unknownEntry = builder.unknownEntry;
        unknownExit = builder.unknownExit;
        entry32 = builder.entry32;
        exit32 = builder.exit32;
    }

    byte kind(int type) {
        return type < kinds.length ? kinds[type] : NONE;
    }

    /// The plan for a type of kind [#PLAIN].
    RecordPlan plain(int type) {
        return plans[type];
    }

    /// The plan for an entry, or null when its number is not recorded.
    @Nullable RecordPlan entry(int number) {
        RecordPlan plan = number >= 0 && number < NUMBERS ? entries[number] : null;
        return plan != null ? plan : unknownEntry;
    }

    /// The plan for an exit, or null. The number may be -1: a signal handler's return clears it.
    @Nullable RecordPlan exit(int number) {
        RecordPlan plan = number >= 0 && number < NUMBERS ? exits[number] : null;
        return plan != null ? plan : unknownExit;
    }

    /// The plan for all entries of 32-bit programs, or null.
    @Nullable RecordPlan entry32() {
        return entry32;
    }

    /// The plan for all exits of 32-bit programs, or null.
    @Nullable RecordPlan exit32() {
        return exit32;
    }

    /// Collects plans; used once.
    public static final class Builder {
        private byte[] kinds = new byte[64];
        private RecordPlan[] plans = new RecordPlan[64];
        private final RecordPlan[] entries = new RecordPlan[NUMBERS];
        private final RecordPlan[] exits = new RecordPlan[NUMBERS];
        private @Nullable RecordPlan unknownEntry;
        private @Nullable RecordPlan unknownExit;
        private @Nullable RecordPlan entry32;
        private @Nullable RecordPlan exit32;

        /// @param type what a record starts with
        /// @param plan null for system calls
        public void type(int type, byte kind, @Nullable RecordPlan plan) {
            if (type >= kinds.length) {
                int length = Math.max(type + 1, 2 * kinds.length);
                kinds = Arrays.copyOf(kinds, length);
                plans = Arrays.copyOf(plans, length);
            }
            kinds[type] = kind;
            plans[type] = plan;
        }

        public void entry(int number, RecordPlan plan) {
            entries[number] = plan;
        }

        public void exit(int number, RecordPlan plan) {
            exits[number] = plan;
        }

        public void unknownEntry(RecordPlan plan) {
            unknownEntry = plan;
        }

        public void unknownExit(RecordPlan plan) {
            unknownExit = plan;
        }

        /// For all calls of 32-bit programs.
        public void calls32(RecordPlan entry, RecordPlan exit) {
            entry32 = entry;
            exit32 = exit;
        }

        /// What was collected, immutable.
        public ChannelEvents build() {
            return new ChannelEvents(this);
        }
    }
}
