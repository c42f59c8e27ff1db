// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.ServedDomain.Followed;
import dev.contrail.wire.control.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Warning;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// Makes replies of what a command's future holds.
final class Replies {
    private Replies() {}

    static CompletableFuture<Reply> now(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    static CompletableFuture<Reply> done() {
        return now(new Reply.Done(List.of()));
    }

    /// The problems of several orders.
    static CompletableFuture<List<Warning>> problems(List<Followed> orders) {
        return CompletableFuture.allOf(
                        orders.stream().map(Followed::problems).toArray(CompletableFuture[]::new))
                .thenApply(_ ->
                        orders.stream()
                                .flatMap(each -> each.problems().resultNow().stream())
                                .toList());
    }

    /// What a command ended with, as the client is told it.
    static Reply refused(Throwable failure) {
        Throwable why = cause(failure);
        LttngError error =
                why instanceof RefusedException refused ? refused.error() : LttngError.UNK;
        return new Reply.Refused(error, Reason.of(why));
    }

    /// What was thrown, without what futures wrap around it.
    static Throwable cause(Throwable failure) {
        Throwable why = failure;
        while ((why instanceof CompletionException || why instanceof ExecutionException)
                && why.getCause() != null) {
            why = why.getCause();
        }
        return why;
    }
}
