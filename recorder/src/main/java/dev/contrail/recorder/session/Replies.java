// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.session.ServedDomain.Followed;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// Makes replies of what a command's future holds.
public final class Replies {
    private Replies() {}

    /// A reply that is there already.
    public static CompletableFuture<Reply> now(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    /// That it was done, without a warning.
    public static CompletableFuture<Reply> done() {
        return now(new Reply.Done(List.of()));
    }

    /// The problems of several orders.
    public static CompletableFuture<List<Warning>> problems(List<Followed> orders) {
        return CompletableFuture.allOf(
                        orders.stream().map(Followed::problems).toArray(CompletableFuture[]::new))
                .thenApply(_ ->
                        orders.stream()
                                .flatMap(each -> each.problems().resultNow().stream())
                                .toList());
    }

    /// What a command ended with, as the client is told it.
    public static Reply refused(Throwable failure) {
        Throwable why = cause(failure);
        LttngError error =
                why instanceof RefusedException refused ? refused.error() : LttngError.UNK;
        return new Reply.Refused(error, Reason.of(why));
    }

    /// What was thrown, without what futures wrap around it.
    public static Throwable cause(Throwable failure) {
        Throwable why = failure;
        while ((why instanceof CompletionException || why instanceof ExecutionException)
                && why.getCause() != null) {
            why = why.getCause();
        }
        return why;
    }
}
