// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a client may ask about channels and event rules, and what it is told.
class ChannelRequestsTest extends AskedDaemon {
    @Test
    void aChannelIsMadeWithLttngsDefaults() {
        create("s", SessionMode.DISK);
        done(channel(DomainName.KERNEL, "k"));
        done(channel(DomainName.USERSPACE, "u"));

        assertThat(kernel.plan("k").attributes())
                .isEqualTo(
                        new ChannelAttributes(
                                LossMode.DISCARD,
                                1 << 20,
                                4,
                                0,
                                200_000,
                                1_000_000,
                                0,
                                0,
                                "splice"));
        assertThat(jvm.plan("u").attributes())
                .isEqualTo(
                        new ChannelAttributes(
                                LossMode.DISCARD, 512 << 10, 4, 0, 0, 1_000_000, 0, 0, "mmap"));
        assertThat(kernel.plan("k").id()).isNotEqualTo(jvm.plan("u").id());
    }

    @ParameterizedTest
    @CsvSource({
        "USERSPACE, cents > 100 && nosuch == 1, SUCCEEDS",
        "JUL, msg == 1, SUCCEEDS",
        "USERSPACE, cents >, FILTER_INVAL",
        "JUL, $trace == 1, FILTER_INVAL",
        "KERNEL, prev_pid == 1, UNK"
    })
    void aFilterIsOneThatApplicationsCanCompile(DomainName domain, String filter, String expected) {
        create("s", SessionMode.DISK);
        Reply reply = daemon.answer(filtered(domain, filter));
        assertThat(reply instanceof Reply.Refused refused ? refused.error().name() : "SUCCEEDS")
                .isEqualTo(expected);
    }

    @Test
    void theFiltersOfAChannelFitIntoAnOrder() {
        create("s", SessionMode.DISK);
        for (int i = 0; i < 4; i++) {
            String filter = " ".repeat((1 << 16) - 2) + i;
            assertThat(daemon.answer(filtered(DomainName.USERSPACE, filter)))
                    .isInstanceOf(Reply.RuleEnabled.class);
        }
        assertThat(daemon.answer(filtered(DomainName.USERSPACE, "1 == 2345")))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.reason()).contains("262144 characters"));
    }

    private static Request filtered(DomainName domain, String filter) {
        PointType type = domain.hasLoggers() ? PointType.LOGGER : PointType.TRACEPOINT;
        return new Request.EnableEvent(
                "s",
                domain,
                "",
                new EventRule(
                        type, "a", List.of(), LevelSelection.ALL, 0, filter, List.of(), true));
    }

    @Test
    void aSnapshotSessionOverwritesUnlessItIsTold() {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.USERSPACE, "u"));
        done(new Request.EnableChannel("s", DomainName.USERSPACE, "d", true, DEFAULTS));

        assertThat(jvm.plan("u").attributes().lossMode()).isEqualTo(LossMode.OVERWRITE);
        assertThat(jvm.plan("d").attributes().lossMode()).isEqualTo(LossMode.DISCARD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1000 | 4  | 0    | Sub-buffer size 1000: want a power of two of at least 4096 bytes",
                "5000 | 4  | 0    | Sub-buffer size 5000: want a power of two of at least 4096 bytes",
                "4096 | 3  | 0    | Sub-buffer count 3: want a power of two",
                "4096 | 0  | 0    | Sub-buffer count 0: want a power of two",
                "8192 | 2  | 4096 | Trace file size 4096: want at least the sub-buffer size, 8192",
            })
    void aChannelOfASizeThatCannotBeIsRefused(long size, int count, long file, String reason) {
        create("s", SessionMode.DISK);
        var attributes =
                new ChannelAttributes(LossMode.DISCARD, size, count, -1, -1, -1, file, -1, "");

        refused(
                new Request.EnableChannel("s", DomainName.USERSPACE, "c", false, attributes),
                LttngError.INVALID,
                reason);
        assertThat(view("s").channels()).isEmpty();
    }

    @Test
    void aChannelIsMadeOnce() {
        create("s", SessionMode.DISK);
        done(channel(DomainName.KERNEL, "c"));
        done(channel(DomainName.USERSPACE, "c"));

        refused(channel(DomainName.KERNEL, "c"), LttngError.KERN_CHAN_EXIST);
        refused(channel(DomainName.USERSPACE, "c"), LttngError.UST_CHAN_EXIST);
    }

    @Test
    void aDisabledChannelIsEnabledAgain() throws IOException {
        create("s", SessionMode.DISK);
        done(channel(DomainName.USERSPACE, "c"));
        done(new Request.DisableChannel("s", DomainName.USERSPACE, "c"));
        assertThat(jvm.plan("c").isEnabled()).isFalse();
        restart();
        assertThat(jvm.plan("c").isEnabled()).isFalse();
        done(channel(DomainName.USERSPACE, "c"));

        assertThat(jvm.plan("c").isEnabled()).isTrue();
        assertThat(view("s").channels())
                .singleElement()
                .matches(SessionView.ChannelView::isEnabled);
    }

    @Test
    void noChannelIsMadeInASessionThatHasRecorded() {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.USERSPACE, "c"));
        done(new Request.StartSession("s"));
        daemon.answer(new Request.StopSession("s", false));

        refused(channel(DomainName.USERSPACE, "d"), LttngError.TRACE_ALREADY_STARTED);
        refused(enable(DomainName.KERNEL, "", "sched_switch"), LttngError.TRACE_ALREADY_STARTED);
    }

    /// However the channel comes into being.
    @Test
    void aNameThatIsAPathIsRefused() {
        create("s", SessionMode.DISK);
        for (String name : List.of(".hidden", "a/b", "..", "../up")) {
            String reason =
                    "Invalid channel name: Channel names may not start with '.', and may not"
                            + " contain '/'";
            refused(channel(DomainName.USERSPACE, name), LttngError.INVALID_CHANNEL_NAME, reason);
            refused(
                    enable(DomainName.USERSPACE, name, "a:b"),
                    LttngError.INVALID_CHANNEL_NAME,
                    reason);
        }
        assertThat(view("s").channels()).isEmpty();
    }

    @Test
    void aChannelWhoseFilesCouldNotBearItsNameIsRefused() {
        create("s", SessionMode.DISK);
        String longest = "ü".repeat(107) + "x";

        done(channel(DomainName.USERSPACE, longest));
        refused(
                channel(DomainName.USERSPACE, longest + "x"),
                LttngError.INVALID,
                "The channel's name is 216 bytes long: want at most 215, as its files bear it");
        refused(
                enable(DomainName.USERSPACE, longest + "x", "a:b"),
                LttngError.INVALID,
                "The channel's name is 216 bytes long: want at most 215, as its files bear it");
    }

    @Test
    void aChannelThatIsNotThereIsNotDisabled() {
        create("s", SessionMode.DISK);
        refused(new Request.DisableChannel("s", DomainName.KERNEL, "c"), LttngError.NO_CHANNEL);
        done(channel(DomainName.KERNEL, "k"));

        refused(
                new Request.DisableChannel("s", DomainName.KERNEL, "c"),
                LttngError.UST_CHAN_NOT_FOUND,
                "Kernel channel not found");
        refused(new Request.DisableChannel("s", DomainName.USERSPACE, "c"), LttngError.NO_CHANNEL);
    }

    @Test
    void aRuleMakesADefaultChannel() {
        create("s", SessionMode.SNAPSHOT);

        assertThat(daemon.answer(enable(DomainName.KERNEL, "", "sched_switch")))
                .isEqualTo(new Reply.RuleEnabled("channel0", List.of()));
        assertThat(daemon.answer(enable(DomainName.JUL, "", "com.shop.*")))
                .isEqualTo(new Reply.RuleEnabled("lttng_jul_channel", List.of()));
        assertThat(daemon.answer(enable(DomainName.USERSPACE, "mine", "shop:*")))
                .isEqualTo(new Reply.RuleEnabled("mine", List.of()));
        assertThat(view("s").domains())
                .containsExactly(DomainName.KERNEL, DomainName.JUL, DomainName.USERSPACE);
    }

    @Test
    void aRuleWithoutAChannelNeedsOneNameWhereThereAreOthers() {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.USERSPACE, "mine"));

        refused(enable(DomainName.USERSPACE, "", "shop:*"), LttngError.NEED_CHANNEL_NAME);
        refused(disable(DomainName.USERSPACE, "", "shop:*"), LttngError.NEED_CHANNEL_NAME);
    }

    @Test
    void rulesAreKeptInTheirOrder() throws IOException {
        create("s", SessionMode.SNAPSHOT);
        for (String each : List.of("c:*", "a:*", "b:*")) {
            daemon.answer(enable(DomainName.USERSPACE, "", each));
        }
        restart();

        assertThat(jvm.enabled("channel0")).containsExactly("c:*", "a:*", "b:*");
    }

    @Test
    void aRuleIsEnabledOnce() {
        create("s", SessionMode.SNAPSHOT);
        daemon.answer(enable(DomainName.USERSPACE, "", "a:*"));

        refused(
                enable(DomainName.USERSPACE, "", "a:*"),
                LttngError.UST_EVENT_ENABLED,
                "UST event already enabled");
        daemon.answer(enable(DomainName.KERNEL, "", "sched_switch"));
        refused(
                enable(DomainName.KERNEL, "", "sched_switch"),
                LttngError.UST_EVENT_ENABLED,
                "Kernel event already enabled");
    }

    @Test
    void rulesThatDifferInAnythingAreDifferent() {
        create("s", SessionMode.SNAPSHOT);
        var plain = rule(PointType.TRACEPOINT, "a:*");
        List<EventRule> all =
                List.of(
                        plain,
                        rule(PointType.SYSCALL, "a:*"),
                        new EventRule(
                                PointType.TRACEPOINT,
                                "a:*",
                                List.of("a:b"),
                                LevelSelection.ALL,
                                0,
                                true),
                        new EventRule(
                                PointType.TRACEPOINT,
                                "a:*",
                                List.of(),
                                LevelSelection.EXACTLY,
                                4,
                                true),
                        new EventRule(
                                PointType.TRACEPOINT,
                                "a:*",
                                List.of(),
                                LevelSelection.AT_LEAST,
                                4,
                                true));
        for (EventRule each : all) {
            assertThat(daemon.answer(new Request.EnableEvent("s", DomainName.USERSPACE, "", each)))
                    .isInstanceOf(Reply.RuleEnabled.class);
        }

        assertThat(jvm.plan("channel0").rules()).isEqualTo(all);
    }

    @Test
    void aDisabledRuleIsEnabledInItsPlace() {
        create("s", SessionMode.SNAPSHOT);
        daemon.answer(enable(DomainName.USERSPACE, "", "a:*"));
        daemon.answer(enable(DomainName.USERSPACE, "", "b:*"));
        done(disable(DomainName.USERSPACE, "", "a:*"));
        assertThat(jvm.enabled("channel0")).containsExactly("b:*");
        daemon.answer(enable(DomainName.USERSPACE, "", "a:*"));

        assertThat(jvm.enabled("channel0")).containsExactly("a:*", "b:*");
        assertThat(view("s").channels().getFirst().rules()).hasSize(2);
    }

    @Test
    void aRuleIsDisabledByTheTextOfItsPattern() {
        create("s", SessionMode.SNAPSHOT);
        daemon.answer(enable(DomainName.USERSPACE, "", "shop:*"));
        daemon.answer(enable(DomainName.USERSPACE, "", "shop:paid"));

        refused(
                disable(DomainName.USERSPACE, "", "shop:sold"),
                LttngError.UST_EVENT_NOT_FOUND,
                "UST event not found");
        done(disable(DomainName.USERSPACE, "", "shop:*"));
        assertThat(jvm.enabled("channel0")).containsExactly("shop:paid");
    }

    @Test
    void allRulesAreDisabledAtOnce() {
        create("s", SessionMode.SNAPSHOT);
        daemon.answer(enable(DomainName.KERNEL, "", "sched_switch"));
        daemon.answer(enable(DomainName.KERNEL, "", "irq_*"));
        done(disable(DomainName.KERNEL, "", ""));

        assertThat(kernel.enabled("channel0")).isEmpty();
    }

    @Test
    void aRuleIsDisabledOnlyAsWhatItIs() {
        create("s", SessionMode.SNAPSHOT);
        daemon.answer(
                new Request.EnableEvent(
                        "s", DomainName.KERNEL, "", rule(PointType.SYSCALL, "open")));

        refused(
                disable(DomainName.KERNEL, "", "open"),
                LttngError.NO_EVENT,
                "Kernel event not found");
        done(new Request.DisableEvent("s", DomainName.KERNEL, "", PointType.SYSCALL, "open"));
        assertThat(kernel.enabled("channel0")).isEmpty();
    }

    @Test
    void rulesMayChangeWhileTheSessionRecords() {
        create("s", SessionMode.SNAPSHOT);
        daemon.answer(enable(DomainName.USERSPACE, "", "a:*"));
        done(new Request.StartSession("s"));
        daemon.answer(enable(DomainName.USERSPACE, "", "b:*"));

        assertThat(jvm.enabled("channel0")).containsExactly("a:*", "b:*");
        assertThat(jvm.isActive("channel0")).isTrue();
    }

    @Test
    void aSessionFollowsAProcess() {
        create("s", SessionMode.SNAPSHOT);
        done(channel(DomainName.KERNEL, "k"));
        done(new Request.FollowProcess("s", 1234));

        assertThat(kernel.followed()).containsExactly(1234L);
    }
}
