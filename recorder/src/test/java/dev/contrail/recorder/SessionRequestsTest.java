// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client may ask about sessions, and what it is told.
class SessionRequestsTest extends AskedDaemon {
    @ParameterizedTest
    @EnumSource(SessionMode.class)
    void aSessionIsWhatItWasMadeAs(SessionMode mode) throws IOException {
        create("s", mode);
        SessionView before = view("s");
        restart();

        assertThat(before.mode()).isEqualTo(mode);
        assertThat(before.isActive()).isFalse();
        assertThat(before.channels()).isEmpty();
        assertThat(before.output().isEmpty()).isEqualTo(mode == SessionMode.NO_OUTPUT);
        assertThat(view("s")).isEqualTo(before);
    }

    @Test
    void noTwoSessionsHaveOneName() {
        create("s", SessionMode.SNAPSHOT);

        assertThat(
                        daemon.answer(
                                new Request.CreateSession(
                                        "s",
                                        SessionMode.SNAPSHOT,
                                        "",
                                        0,
                                        false,
                                        directory.toString())))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        reply -> assertThat(reply.error()).isEqualTo(LttngError.EXIST_SESS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/", "x\u0000y"})
    void aNameThatIsNoFileNameIsRefused(String name) {
        assertThat(
                        daemon.answer(
                                new Request.CreateSession(
                                        name,
                                        SessionMode.DISK,
                                        "",
                                        0,
                                        false,
                                        directory.toString())))
                .isInstanceOf(Reply.Refused.class);
        assertThat(((Reply.Sessions) daemon.answer(new Request.ListSessions())).sessions())
                .isEmpty();
    }

    @Test
    void everyRequestOfASessionThatIsNotThereIsRefusedInLttngsWords() {
        for (Request each :
                List.of(
                        new Request.StartSession("none"),
                        new Request.StopSession("none", false),
                        new Request.DestroySession("none"),
                        new Request.DescribeSession("none"),
                        new Request.FollowProcess("none", 1),
                        new Request.RecordSnapshot("none", "", "", 0),
                        new Request.AddOutput("none", "", "/x", 0),
                        new Request.DeleteOutput("none", "1"),
                        new Request.ListOutputs("none"),
                        new Request.DisableChannel("none", DomainName.KERNEL, "c"))) {
            assertThat(daemon.answer(each))
                    .as("%s", each)
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            reply ->
                                    assertThat(reply.error()).isEqualTo(LttngError.SESS_NOT_FOUND));
        }
    }

    @Test
    void allSessionsAreListed() {
        create("b", SessionMode.DISK);
        create("a", SessionMode.SNAPSHOT);
        var listed = (Reply.Sessions) daemon.answer(new Request.ListSessions());

        assertThat(listed.sessions())
                .extracting(SessionView::name)
                .containsExactlyInAnyOrder("a", "b");
        assertThat(listed.problems()).isEmpty();
    }

    @Test
    void aDestroyedSessionIsGoneFromItsDomainsToo() throws IOException {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.KERNEL, "k"));
        done(channel(DomainName.USERSPACE, "u"));
        done(new Request.StartSession("s"));
        done(new Request.DestroySession("s"));

        assertThat(kernel.destroyed()).containsExactly("s");
        assertThat(jvm.destroyed()).containsExactly("s");
        restart();
        assertThat(((Reply.Sessions) daemon.answer(new Request.ListSessions())).sessions())
                .isEmpty();
    }

    @Test
    void aSessionStartsAndStopsAllItsChannels() {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.KERNEL, "k"));
        done(channel(DomainName.USERSPACE, "u"));
        assertThat(kernel.isActive("k")).isFalse();
        done(new Request.StartSession("s"));
        assertThat(kernel.isActive("k")).isTrue();
        assertThat(jvm.isActive("u")).isTrue();
        assertThat(view("s").isActive()).isTrue();

        assertThat(daemon.answer(new Request.StopSession("s", false)))
                .isEqualTo(new Reply.Stopped(0, 0, List.of()));
        assertThat(kernel.isActive("k")).isFalse();
        assertThat(jvm.isActive("u")).isFalse();
    }

    @Test
    void aSessionStartsAndStopsOnceOnly() {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.KERNEL, "k"));
        refused(
                new Request.StopSession("s", false),
                LttngError.TRACE_ALREADY_STOPPED,
                "Tracing already stopped for session s");
        done(new Request.StartSession("s"));
        refused(
                new Request.StartSession("s"),
                LttngError.TRACE_ALREADY_STARTED,
                "Tracing already started for session s");
    }

    @Test
    void aSessionThatRecordsGoesOnInTheNextDaemon() throws IOException {
        create("s", SessionMode.SNAPSHOT);
        daemon.answer(enable(DomainName.USERSPACE, "", "shop:*"));
        done(new Request.StartSession("s"));
        restart();

        assertThat(view("s").isActive()).isTrue();
        assertThat(jvm.isActive("channel0")).isTrue();
        assertThat(jvm.enabled("channel0")).containsExactly("shop:*");
    }

    @Test
    void whatADomainWarnsOfIsTold() {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.USERSPACE, "u"));
        var warning = new Warning.NotFollowed("Shop (1)", "no room");
        jvm.warn(warning);

        assertThat(daemon.answer(new Request.StartSession("s")))
                .isEqualTo(new Reply.Done(List.of(warning)));
    }

    @Test
    void nothingIsChangedWhereADomainRefuses() {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.KERNEL, "k"));
        kernel.refuse(new RefusedException("no tracefs"));
        refused(new Request.StartSession("s"), LttngError.UNK, "no tracefs");
        assertThat(view("s").isActive()).isFalse();
        refused(channel(DomainName.KERNEL, "k2"), LttngError.UNK, "no tracefs");
        assertThat(view("s").channels()).hasSize(1);
        refused(enable(DomainName.KERNEL, "k", "sched_switch"), LttngError.UNK, "no tracefs");
        assertThat(view("s").channels().getFirst().rules()).isEmpty();

        kernel.refuseNothing();
        done(new Request.StartSession("s"));
    }
}
