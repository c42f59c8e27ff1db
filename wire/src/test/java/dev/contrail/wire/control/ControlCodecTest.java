// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlCodecTest {
    private static final ChannelAttributes ATTRIBUTES =
            new ChannelAttributes(LossMode.OVERWRITE, 1L << 40, 8, 1, 2, 3, 4, 5, "mmap");
    private static final EventRule RULE =
            new EventRule(
                    PointType.SYSCALL,
                    "ä*",
                    List.of("a", "b"),
                    EventRule.LevelSelection.AT_LEAST,
                    -7,
                    "n > 3",
                    List.of("arg=0", "return"),
                    false);

    private static final List<Warning> WARNINGS =
            List.of(
                    new Warning.NotFollowed("app", "why"),
                    new Warning.NoSuchEvent("x*", PointType.SYSCALL),
                    new Warning.EventNotSwitched("irq:x", false, "why"),
                    new Warning.Unserved("c", DomainName.KERNEL, "why"),
                    new Warning.StateNotKept("why"),
                    new Warning.StateUnreadable("what"),
                    new Warning.Past("notice"),
                    new Warning.NotStored("why"),
                    new Warning.Busy("what"),
                    new Warning.NotRecorded("app", "why"),
                    new Warning.ManyNotRecorded(7, "why"),
                    new Warning.EndedUnrecorded(1, "why"),
                    new Warning.RecordedLate("app", "what"),
                    new Warning.MoreRecordedLate(1L << 40),
                    new Warning.RingUnread("what"),
                    new Warning.NotFollowedInTime("app", 3));

    static Stream<Request> requests() {
        return Stream.of(
                new Request.CreateSession("s", SessionMode.SNAPSHOT, "/o", 1_000_000, true, "/h"),
                new Request.CheckRelay("tcp4://127.0.0.1:1/ [data: 2]"),
                new Request.KeepRelayToken("192.0.2.1", "token"),
                new Request.DestroySession("s"),
                new Request.StartSession("s"),
                new Request.StopSession("", true),
                new Request.EnableChannel("s", DomainName.KERNEL, "c", true, ATTRIBUTES),
                new Request.DisableChannel("s", DomainName.USERSPACE, "c"),
                new Request.EnableEvent("s", DomainName.JUL, "", RULE),
                new Request.RegenerateStateDump("s"),
                new Request.AddContext("s", DomainName.LOG4J2, "", "$app.shop:request"),
                new Request.DisableEvent("s", DomainName.KERNEL, "c", PointType.SYSCALL, "x"),
                new Request.FollowProcess("s", Long.MAX_VALUE),
                new Request.ListSessions(),
                new Request.DescribeSession("s"),
                new Request.ListPoints(DomainName.KERNEL, PointType.TRACEPOINT, true),
                new Request.RecordSnapshot("s", "n", "/d", 1L << 50),
                new Request.AddOutput("s", "n", "/d", 0),
                new Request.DeleteOutput("s", "1"),
                new Request.ListOutputs("s"));
    }

    static Stream<Reply> replies() {
        var channel =
                new SessionView.ChannelView(
                        "c", DomainName.KERNEL, true, ATTRIBUTES, 1, 2, List.of(RULE));
        var account =
                new SessionView.AccountView(
                        DomainName.USERSPACE, 1, 2, 3, Long.MAX_VALUE, 4, List.of("note"));
        var session =
                new SessionView(
                        "s",
                        SessionMode.DISK,
                        true,
                        "/o",
                        500,
                        List.of(DomainName.KERNEL),
                        List.of(channel),
                        List.of(account),
                        WARNINGS,
                        9,
                        "20261123T101500+0000",
                        2,
                        1,
                        Optional.of(new SessionView.RelayView(true, true, 3, 4, 5, 6, "h/s")));
        var point =
                new InstrumentationPoint("p", "n", PointType.LOGGER, -1, List.of("f (integer)"));
        return Stream.of(
                new Reply.Done(WARNINGS),
                new Reply.Created("s", "/o"),
                new Reply.RuleEnabled("c", WARNINGS),
                new Reply.Refused(LttngError.SESS_NOT_FOUND, "why"),
                new Reply.Working(),
                new Reply.Stopped(7, 5, WARNINGS),
                new Reply.Sessions(List.of(session, session), WARNINGS),
                new Reply.Points(List.of(point)),
                new Reply.Recorded("/d", "h/s", List.of(account)),
                new Reply.Outputs(List.of(new Reply.SnapshotOutput(3, "n", "/d", 4096))));
    }

    @Test
    void everyReplyAndWarningHasACase() {
        assertThat(replies().map(Object::getClass))
                .containsExactlyInAnyOrder(Reply.class.getPermittedSubclasses());
        assertThat(WARNINGS.stream().map(Object::getClass))
                .containsExactlyInAnyOrder(Warning.class.getPermittedSubclasses());
    }

    /// The messages above, encoded. When it fails, a message has changed: raise the version, which
    /// keeps a daemon and a client of different builds from misreading each other.
    @Test
    void messagesOfThisVersionDoNotChange() {
        var sum = new CRC32();
        requests().forEach(request -> sum.update(request.encode()));
        replies().forEach(reply -> sum.update(reply.encode()));
        assertThat("version %d: %08x".formatted(ControlChannel.VERSION, sum.getValue()))
                .isEqualTo("version 11: 05cbbfe3");
    }

    /// The words that scripts and people know.
    @Test
    void aWarningSaysWhatItIs() {
        assertThat(WARNINGS.stream().map(Warning::text))
                .containsExactly(
                        "app: why",
                        "Event x*: this kernel has no such system call",
                        "Kernel event irq:x cannot be disabled: why",
                        "c: why",
                        "Done, but a next daemon will not know of it: the state could not be kept:"
                                + " why",
                        "what",
                        "notice",
                        "why",
                        "busy: what",
                        "app is not recorded: why",
                        "7 JVMs could not be recorded: why",
                        "1 JVM that ended could not be recorded: why",
                        "app what",
                        "so did 1099511627776 JVMs more",
                        "what",
                        "app has not followed within 3 s");
    }

    @Test
    void everyRequestHasACase() {
        assertThat(requests().map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(kinds(Request.class).toList());
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(ControlCodecTest::kinds)
                : Stream.of(type);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readsBackEveryRequest(Request request) throws ProtocolException {
        assertThat(Request.decode(ByteBuffer.wrap(request.encode()))).isEqualTo(request);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void readsBackEveryReply(Reply reply) throws ProtocolException {
        assertThat(Reply.decode(ByteBuffer.wrap(reply.encode()))).isEqualTo(reply);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void refusesARequestCutAnywhere(Request request) {
        byte[] whole = request.encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(ProtocolException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> Request.decode(ByteBuffer.wrap(cut)));
        }
    }

    @ParameterizedTest
    @MethodSource("replies")
    void refusesAReplyCutAnywhere(Reply reply) {
        byte[] whole = reply.encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(ProtocolException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> Reply.decode(ByteBuffer.wrap(cut)));
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void endsInAValueOrARefusalWhateverIsDamaged(Request request) {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = request.encode();
            for (int j = random.nextInt(4); j >= 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                Request.decode(ByteBuffer.wrap(damaged));
            } catch (ProtocolException e) {
                assertThat(e).hasMessageNotContaining("null");
            } catch (RuntimeException e) {
                fail("seed " + seed, e);
            }
        }
    }
}
