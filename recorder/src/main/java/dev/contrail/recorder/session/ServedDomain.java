// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.Domain;
import dev.contrail.recorder.domain.Recording;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.recorder.thread.Worker;
import dev.contrail.wire.Warning;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A domain and the thread that calls it. Any thread may ask.
public final class ServedDomain {
    /// Orders that may wait for a domain that is busy.
    private static final int MAX_WAITING = 10_000;

    /// A session need not say that it is busy for less.
    private static final long WORTH_SAYING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Domain domain;
    private final Worker thread;
    private final boolean isOwnThread;

    private ServedDomain(Domain domain, Worker thread, boolean isOwnThread) {
        this.domain = domain;
        this.thread = thread;
        this.isOwnThread = isOwnThread;
    }

    /// The domain with the thread that it asks for.
    public static ServedDomain of(Domain domain, Worker control, Supervisor supervisor) {
        if (!domain.mayWait()) {
            return new ServedDomain(domain, control, false);
        }
        String name = "contrail-" + domain.names().iterator().next().name().toLowerCase();
        return new ServedDomain(domain, new Worker(name, MAX_WAITING, supervisor), true);
    }

    public Domain domain() {
        return domain;
    }

    /// Whether it has a thread of its own, which may be busy.
    boolean mayWait() {
        return isOwnThread;
    }

    /// Calls the domain.
    public <T> CompletableFuture<T> ask(Callable<T> call) {
        return thread.ask(call);
    }

    /// What keeps an order from being taken; empty for nothing.
    String busy() {
        long nanos = isOwnThread ? thread.busyNanos() : 0;
        return nanos < WORTH_SAYING_NANOS
                ? ""
                : "waiting for the %s tracer for %.1f s"
                        .formatted(domain.names().iterator().next().title(), nanos / 1e9);
    }

    /// Closes the domain, once it has done what it was asked.
    public CompletableFuture<Void> close() {
        return thread.ask(
                        () -> {
                            domain.close();
                            return (Void) null;
                        })
                .whenComplete((_, _) -> {
                    if (isOwnThread) {
                        thread.end();
                    }
                });
    }

    /// A session's part in this domain.
    record Part(Recording recording, ServedDomain served) {
        CompletableFuture<Followed> apply(ChannelPlan plan, boolean isActive) {
            return served.ask(() -> new Followed(recording.apply(plan, isActive)));
        }

        CompletableFuture<Void> follow(long pid) {
            return served.ask(() -> {
                recording.follow(pid);
                return null;
            });
        }

        CompletableFuture<List<Warning>> regenerateStateDump() {
            return served.ask(recording::regenerateStateDump).thenCompose(taken -> taken);
        }

        CompletableFuture<Void> settle() {
            return served.ask(recording::settle).thenCompose(settled -> settled);
        }

        CompletableFuture<Void> destroy() {
            return served.ask(() -> {
                recording.destroy();
                return null;
            });
        }
    }

    /// An order was taken; `problems` completes when everybody has followed.
    public record Followed(CompletableFuture<List<Warning>> problems) {}
}
