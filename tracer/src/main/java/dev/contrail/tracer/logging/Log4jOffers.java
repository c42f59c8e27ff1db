// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.lang.ref.WeakReference;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Statements of Log4j 2 that are offered to the configuration of their logger, and those that have
/// passed its filter: each is recorded once, though it goes on to the configurations above.
///
/// As a rule a configuration has no filter of its own (loggers' levels and the filter of the whole
/// configuration come before), and what is offered is recorded. Where it has one, the offer is
/// remembered until that very configuration passes that very event; a filter is not asked twice, it
/// may be one that counts.
final class Log4jOffers {
    static final BiConsumer<Object, Object> OFFERED = Log4jOffers::offered;
    static final BiConsumer<Object, Object> PASSED = Log4jOffers::passed;

    /// Offers that a thread has under way: filters that log, one within the other.
    private static final int MOST_OFFERS = 8;

    private static final ClassValue<Predicate<Object>> HAS_FILTER =
            Getters.once(
                    "org.apache.logging.log4j.core.config.LoggerConfig",
                    config -> config.flag("hasFilter"));

    /// The newest first; null when there is none.
    private static final ThreadLocal<@Nullable Offer> OFFERS = new ThreadLocal<>();

    /// Whether there has ever been an offer to remember.
    private static volatile boolean hasFilters;

    /// Keeps nothing of the application from being collected: what is denied stays here until the
    /// thread logs again.
    private static final class Offer {
        private final WeakReference<Object> config;
        private final WeakReference<Object> event;
        private final @Nullable Offer next;

        Offer(WeakReference<Object> config, WeakReference<Object> event, @Nullable Offer next) {
            this.config = config;
            this.event = event;
            this.next = next;
        }
    }

    private Log4jOffers() {}

    private static void offered(Object config, Object event) {
        if (LogRoutes.LOG4J2.routes.length == 0) {
            return;
        }
        boolean isFiltered = HAS_FILTER.get(config.getClass()).test(config);
        if (isFiltered) {
            hasFilters = true;
        }
        if (hasFilters) {
            Offer rest = without(event, OFFERS.get(), MOST_OFFERS);
            OFFERS.set(
                    isFiltered
                            ? new Offer(
                                    new WeakReference<>(config), new WeakReference<>(event), rest)
                            : rest);
        }
        if (!isFiltered) {
            Log4jEvents.RECORDER.accept(event);
        }
    }

    private static void passed(Object event, Object config) {
        if (!hasFilters) {
            return;
        }
        Offer offers = OFFERS.get();
        for (Offer each = offers; each != null; each = each.next) {
            if (each.event.refersTo(event) && each.config.refersTo(config)) {
                OFFERS.set(without(event, offers, MOST_OFFERS));
                Log4jEvents.RECORDER.accept(event);
                return;
            }
        }
    }

    /// The event is another one now, or its offer has been answered.
    private static @Nullable Offer without(Object event, @Nullable Offer offers, int most) {
        if (offers == null || most == 0) {
            return null;
        }
        Offer rest = without(event, offers.next, most - 1);
        return offers.event.refersTo(event) || offers.event.refersTo(null)
                ? rest
                : new Offer(offers.config, offers.event, rest);
    }
}
