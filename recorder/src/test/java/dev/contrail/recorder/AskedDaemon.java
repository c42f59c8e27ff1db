// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.Clock;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.EventRule.LevelSelection;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A daemon without sockets, over two domains that only remember what they were told; and what its
/// clients ask of it.
@Timeout(600)
abstract class AskedDaemon {
    static final ChannelAttributes DEFAULTS =
            new ChannelAttributes(LossMode.DISCARD, -1, -1, -1, -1, -1, -1, -1, "");
    private static final Supervisor SUPERVISOR =
            new Supervisor(why -> {
                throw new AssertionError(why);
            });

    @TempDir Path directory;
    PlannedDomain kernel;
    PlannedDomain jvm;
    SessionDaemon daemon;

    @BeforeEach
    final void start() throws IOException {
        kernel = new PlannedDomain(DomainName.KERNEL);
        jvm = new PlannedDomain(DomainName.USERSPACE, DomainName.JUL);
        daemon = new SessionDaemon(directory.resolve("run"), 0, Clock.system(), SUPERVISOR);
        daemon.add(kernel);
        daemon.add(jvm);
        daemon.start();
    }

    @AfterEach
    final void end() throws IOException {
        daemon.close();
    }

    /// Another daemon takes the sessions over.
    final void restart() throws IOException {
        daemon.close();
        start();
    }

    final void create(String name, SessionMode mode) {
        assertThat(
                        daemon.answer(
                                new Request.CreateSession(
                                        name,
                                        mode,
                                        "",
                                        0,
                                        false,
                                        directory.resolve("home").toString())))
                .isInstanceOf(Reply.Created.class);
    }

    final void done(Request request) {
        assertThat(daemon.answer(request)).isEqualTo(new Reply.Done(List.of()));
    }

    final void refused(Request request, LttngError error, String reason) {
        assertThat(daemon.answer(request)).isEqualTo(new Reply.Refused(error, reason));
    }

    final void refused(Request request, LttngError error) {
        refused(request, error, error.text());
    }

    final SessionView view(String name) {
        var reply = (Reply.Sessions) daemon.answer(new Request.DescribeSession(name));
        return reply.sessions().getFirst();
    }

    static EventRule rule(PointType type, String pattern) {
        return new EventRule(type, pattern, List.of(), LevelSelection.ALL, 0, true);
    }

    static Request enable(DomainName domain, String channel, String pattern) {
        return new Request.EnableEvent("s", domain, channel, rule(PointType.TRACEPOINT, pattern));
    }

    static Request disable(DomainName domain, String channel, String pattern) {
        return new Request.DisableEvent("s", domain, channel, PointType.TRACEPOINT, pattern);
    }

    static Request channel(DomainName domain, String name) {
        return new Request.EnableChannel("s", domain, name, false, DEFAULTS);
    }
}
