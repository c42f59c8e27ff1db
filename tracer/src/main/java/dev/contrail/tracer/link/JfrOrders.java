// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.jfr.JfrEvents;
import dev.contrail.tracer.jfr.JfrWish;
import dev.contrail.tracer.link.FromDaemon.Disable;
import dev.contrail.tracer.link.FromDaemon.FlushJfr;
import dev.contrail.tracer.link.FromDaemon.Jfr;
import dev.contrail.tracer.link.FromDaemon.ListJfr;
import dev.contrail.tracer.ring.write.PoolRefusedException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// One daemon's orders that JFR takes its time for, answered one after the other. Owned by the link
/// thread.
final class JfrOrders {
    interface Answer {
        void acknowledge(long order, String problem) throws IOException;
    }

    interface Sender {
        void send(FromApplication message) throws IOException;
    }

    /// @param then is done after the wish
    private record Later(long order, JfrWish wish, Work then) {}

    private final Orders orders;
    private final Answer answer;
    private final Deque<Later> later = new ArrayDeque<>();

    /// The last wish of an order to disable; null before the first.
    private @Nullable JfrWish disabling;

    JfrOrders(Orders orders, Answer answer) {
        this.orders = orders;
        this.answer = answer;
    }

    /// A new connection: who has asked does not wait any more.
    void clear() {
        later.clear();
    }

    /// Whether all are answered.
    boolean isSettled() {
        return later.isEmpty();
    }

    /// Begins with an order, if it is about JFR.
    boolean takes(FromDaemon message) throws IOException {
        if (message instanceof Jfr order) {
            try {
                later.add(new Later(order.order(), orders.run(order), () -> {}));
            } catch (LinkException e) { // there is no such channel
                answer.acknowledge(order.order(), PoolRefusedException.reason(e));
            }
        } else if (message instanceof ListJfr order) {
            later.add(new Later(order.order(), JfrEvents.list(), () -> {}));
        } else if (message instanceof FlushJfr order) {
            later.add(new Later(order.order(), JfrEvents.flush(), () -> {}));
        } else if (message instanceof Disable order && Orders.isOfJfr(order.classId())) {
            later.add(new Later(order.order(), disabling(), () -> orders.run(order)));
        } else {
            return false;
        }
        return true;
    }

    /// The wish of those that come together is one.
    private JfrWish disabling() {
        if (later.isEmpty() || disabling != later.peekLast().wish) {
            disabling = JfrEvents.flush();
        }
        return disabling;
    }

    /// Answers what is done.
    ///
    /// @param isDecided whether the daemon has said all that it wants of so many event classes
    void settle(IntPredicate isDecided, Sender sender) throws IOException {
        while (!later.isEmpty() && later.peek().wish.isDone()) {
            if (!isDecided.test(EventClasses.count())) {
                return; // of what has just been found
            }
            Later done = later.remove();
            String problem = done.wish.problem();
            for (JfrWish.Found each : done.wish.found()) {
                sender.send(new FromApplication.JfrEvent(each.name(), each.fields()));
            }
            String failure = Work.attempt(done.then);
            answer.acknowledge(done.order, problem.isEmpty() ? failure : problem);
        }
    }
}
