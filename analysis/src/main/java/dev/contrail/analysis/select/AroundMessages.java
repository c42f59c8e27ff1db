// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.ctf.EventClass;
import dev.contrail.tracer.filter.Expression;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Lets through only events near those of some names, or those that an expression is true for, and
/// all other messages.
///
/// Events are cursors and cannot be held back until it is known what comes after them, so the same
/// messages are read twice: a scout runs ahead by the reach and tells of what it meets. Nothing is
/// held but the place of the last event found, however far the reach is.
public final class AroundMessages implements MessageIterator {
    private static final long NONE = Long.MIN_VALUE;

    private final MessageIterator upstream;
    private final MessageIterator scout;
    private final Around around;
    private final List<Expression.Pattern> patterns;
    private final Runnable gap;
    private final Map<EventClass, Boolean> isNamed = new IdentityHashMap<>();

    private boolean isScoutEnded;

    /// Where the scout is, and the number of its event.
    private long scoutAt = NONE;

    private long scoutNumber = -1;
    private long number = -1;

    /// The place of the last wanted event that is no more than the reach ahead.
    private long foundAt = NONE;

    /// Whether an event was left out since the last that was not, if there was one.
    private boolean isGap;

    private boolean hasPassed;

    /// @param scout the same messages as `upstream`, from another reader
    /// @param gap is called before the first event after some that were left out, but not before
    ///   the first of all
    AroundMessages(MessageIterator upstream, MessageIterator scout, Around around, Runnable gap) {
        this.upstream = upstream;
        this.scout = scout;
        this.around = around;
        this.gap = gap;
        patterns = around.patterns();
    }

    /// Whether any event was near a wanted one.
    public boolean hasFound() {
        return foundAt != NONE;
    }

    @Override
    public boolean next() throws IOException {
        while (upstream.next()) {
            if (!(upstream.current() instanceof EventRecord event) || isNear(event)) {
                return true;
            }
        }
        return false;
    }

    private boolean isNear(EventRecord event) throws IOException {
        long at = around.position(event, ++number);
        look(saturatedSum(at, around.reach()));
        if (isWanted(event)) {
            foundAt = Math.max(foundAt, at); // what has grown since, the scout has not met
        }
        boolean isNear = foundAt != NONE && saturatedSum(foundAt, around.reach()) >= at;
        if (isNear && isGap && hasPassed) {
            gap.run();
        }
        isGap = !isNear;
        hasPassed |= isNear;
        return isNear;
    }

    /// Lets the scout run as far as the reach.
    private void look(long limit) throws IOException {
        while (!isScoutEnded && scoutAt <= limit) {
            if (scoutNumber >= 0 && isWanted((EventRecord) scout.current())) {
                foundAt = scoutAt;
            }
            isScoutEnded = !scoutNextEvent();
        }
    }

    private boolean scoutNextEvent() throws IOException {
        while (scout.next()) {
            if (scout.current() instanceof EventRecord event) {
                scoutAt = around.position(event, ++scoutNumber);
                return true;
            }
        }
        return false;
    }

    private boolean isWanted(EventRecord event) {
        if (around.filter().isPresent()) {
            return around.filter().get().accepts(event);
        }
        return isNamed.computeIfAbsent(
                event.eventClass(),
                of -> patterns.stream().anyMatch(pattern -> pattern.matches(of.name())));
    }

    private static long saturatedSum(long one, long other) {
        long sum = one + other;
        return other > 0 && sum < one ? Long.MAX_VALUE : sum;
    }

    @Override
    public Message current() {
        return upstream.current();
    }

    @Override
    public long nanos() {
        return upstream.nanos();
    }

    /// Closes the scout; `upstream` is its maker's.
    @Override
    public void close() throws IOException {
        scout.close();
    }
}
