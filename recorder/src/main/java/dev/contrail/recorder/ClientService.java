// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.recorder.session.Replies;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.control.ControlChannel;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jdk.net.ExtendedSocketOptions;

/// Answers one client: each request with a reply, and while that takes its time, with a sign of
/// life every second.
///
/// A sign of life means that the control thread has its turn: when it has none, the client is told
/// so instead, and waits no more.
public final class ClientService implements ControlServer.Service {
    private static final long SIGN_OF_LIFE_MILLIS = 1000;

    /// Nothing on the control thread takes so long.
    private static final long LONGEST_TURN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");

    private final SessionDaemon daemon;

    /// @param daemon that answers
    public ClientService(SessionDaemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public void serve(SocketChannel connection, Runnable greeted) {
        try {
            // The socket's rights let only the user, root and the tracing group connect; who it is
            // goes to the log.
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "client {0}",
                    connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
            ControlChannel channel = ControlChannel.open(connection);
            greeted.run();
            while (true) {
                answer(channel, channel.nextRequest());
            }
        } catch (EOFException e) {
            // The client has what it wanted.
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a client's connection ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(ControlChannel channel, Request request)
            throws IOException, InterruptedException {
        Reply reply = await(channel, request);
        try {
            channel.answer(reply);
        } catch (ProtocolException e) {
            channel.answer(
                    new Reply.Refused(LttngError.UNK, "The answer is too long: " + e.getMessage()));
        }
    }

    private Reply await(ControlChannel channel, Request request)
            throws IOException, InterruptedException {
        CompletableFuture<Reply> reply = daemon.ask(request);
        while (true) {
            try {
                return reply.get(SIGN_OF_LIFE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                return Replies.refused(e);
            } catch (TimeoutException e) {
                long busy = daemon.busyNanos();
                if (busy > LONGEST_TURN_NANOS) {
                    return new Reply.Refused(
                            LttngError.UNK,
                            ("The session daemon has been doing one thing for %d s and does not"
                                            + " answer: end it with kill -9, then contrail sessiond"
                                            + " --background starts one that goes on with its"
                                            + " sessions")
                                    .formatted(TimeUnit.NANOSECONDS.toSeconds(busy)));
                }
                channel.answer(new Reply.Working());
            }
        }
    }
}
