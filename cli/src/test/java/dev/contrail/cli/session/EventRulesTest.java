// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static dev.contrail.cli.Dialogue.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import dev.contrail.cli.User.Said;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `enable-event` and `disable-event` for JVMs: what is enabled is what `list` shows.
class EventRulesTest {
    @TempDir Path directory;
    private User user;

    @BeforeEach
    void open() throws IOException {
        user = User.withDaemon(directory);
        user.succeed("create s");
    }

    @AfterEach
    void close() throws IOException {
        user.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop:paid | shop:paid (type: tracepoint) [enabled]",
                "shop:* | shop:* (type: tracepoint) [enabled]",
                "-a | * (type: tracepoint) [enabled]",
                "--all --tracepoint | * (type: tracepoint) [enabled]",
                "shop:* -x shop:paid | shop:* (type: tracepoint) [enabled] [exclusions: shop:paid]",
                "shop:* --exclude shop:a,shop:b | shop:* (type: tracepoint) [enabled] [exclusions: shop:a,shop:b]",
                "-a -x shop:paid | * (type: tracepoint) [enabled] [exclusions: shop:paid]",
                "shop:paid --loglevel INFO | shop:paid (loglevel <= TRACE_INFO (6)) (type: tracepoint) [enabled]",
                "shop:paid --loglevel trace_warning | shop:paid (loglevel <= TRACE_WARNING (4)) (type: tracepoint) [enabled]",
                "shop:paid --loglevel-only ERR | shop:paid (loglevel == TRACE_ERR (3)) (type: tracepoint) [enabled]",
                "-a --loglevel DEBUG | * (loglevel <= TRACE_DEBUG (14)) (type: tracepoint) [enabled]",
                "shop:paid -f 'x == 1 && $ctx.vtid == 7' | shop:paid (type: tracepoint) [enabled] [filter: 'x == 1 && $ctx.vtid == 7']",
                "-a --filter 'x == 8' --loglevel INFO | * (loglevel <= TRACE_INFO (6)) (type: tracepoint) [enabled] [filter: 'x == 8']",
                "logback:a --loglevel TRACE | logback:a (loglevel <= TRACE (15)) (type: tracepoint) [enabled]",
                "logback:a --loglevel-only warn | logback:a (loglevel == WARN (4)) (type: tracepoint) [enabled]",
                "logback:a --loglevel NOTICE | logback:a (loglevel <= TRACE_NOTICE (5)) (type: tracepoint) [enabled]",
                "shop:* -x shop:paid -f x | shop:* (type: tracepoint) [enabled] [exclusions: shop:paid] [filter: 'x']",
            })
    void aRuleForTracepointsIsListedAsItWasGiven(String words, String rule) {
        assertThat(user.contrail("enable-event -u " + words).status()).isZero();
        assertThat(rules("s")).containsExactly(rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "org.shop | org.shop [enabled] [filter: 'logger_name == \"org.shop\"']",
                "-a | * [enabled]",
                "org.shop --loglevel WARNING | org.shop [enabled] (loglevel <= JUL_WARNING) [filter: '(logger_name == \"org.shop\") && (int_loglevel >= 900)']",
                "org.shop --loglevel-only FINE | org.shop [enabled] (loglevel == JUL_FINE) [filter: '(logger_name == \"org.shop\") && (int_loglevel == 500)']",
                "-a --loglevel JUL_SEVERE | * [enabled] (loglevel <= JUL_SEVERE) [filter: 'int_loglevel >= 1000']",
                "-a --loglevel-only INFO | * [enabled] (loglevel == JUL_INFO) [filter: 'int_loglevel == 800']",
                "a.b -f 'x == 1' | a.b [enabled] [filter: '(x == 1) && (logger_name == \"a.b\")']",
                "a.* --loglevel INFO -f 'x == 1' | a.* [enabled] (loglevel <= JUL_INFO) [filter: '((x == 1) && (logger_name == \"a.*\")) && (int_loglevel >= 800)']",
                "-a --loglevel INFO -f 'x == 2' | * [enabled] (loglevel <= JUL_INFO) [filter: '(x == 2) && (int_loglevel >= 800)']",
                "-a -f 'x == 1' | * [enabled] [filter: 'x == 1']",
            })
    void aRuleForLoggersIsListedWithTheFilterThatLttngWouldMakeOfIt(String words, String rule) {
        assertThat(user.contrail("enable-event -j " + words).status()).isZero();
        assertThat(user.succeed("list s").lines()).contains("    - " + rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a:b | 1 | Please specify a domain (--kernel/--userspace/--jul/--log4j2).",
                "-u -j a:b | 1 | Only one domain must be specified: use either -k, -u, -j or --log4j2",
                "-u -k -j a:b | 1 | Only one domain must be specified: use either -k, -u, -j or --log4j2",
                "-u | 1 | Missing event name(s): want NAME[,NAME...] or --all; contrail list -u shows what there is",
                "-u '' | 1 | Missing event name(s): want NAME[,NAME...] or --all; contrail list -u shows what there is",
                "-u , | 1 | Missing event name(s): want NAME[,NAME...] or --all; contrail list -u shows what there is",
                "-u -a a:b | 1 | Event names and --all exclude each other.",
                "-u --syscall open | 5 | Event type not available for user-space tracing",
                "-j --syscall -a | 5 | Event type not supported for domain.",
                "-j org.shop -x org.shop.a | 1 | Event name exclusions are not yet implemented for jul events",
                "-u a:b --loglevel LOUD | 97 | Unknown loglevel LOUD: want one of EMERG, ALERT, CRIT, ERR, WARNING, NOTICE, INFO, DEBUG_SYSTEM, DEBUG_PROGRAM, DEBUG_PROCESS, DEBUG_MODULE, DEBUG_UNIT, DEBUG_FUNCTION, DEBUG_LINE, DEBUG",
                "-u a:b --loglevel-only FINE | 97 | Unknown loglevel FINE: want one of EMERG, ALERT, CRIT, ERR, WARNING, NOTICE, INFO, DEBUG_SYSTEM, DEBUG_PROGRAM, DEBUG_PROCESS, DEBUG_MODULE, DEBUG_UNIT, DEBUG_FUNCTION, DEBUG_LINE, DEBUG",
                "-j org.shop --loglevel TRACE_INFO | 97 | Unknown loglevel TRACE_INFO: want one of OFF, SEVERE, WARNING, INFO, CONFIG, FINE, FINER, FINEST, ALL",
                "-u a:b -x a:c | 1 | Event a:b: Exclusions can only be used with a globbing pattern",
                "-u 'a:*' -x 'a:*' | 1 | Event a:*: a:* excludes all events from a:*",
                "-u 'a:b*' -x 'a:*' | 1 | Event a:b*: a:* excludes all events from a:b*",
                "-k a --filter x==1 | 1 | Filters of kernel events are not implemented yet; view and convert have --filter",
                "-u a:b -f '' | 97 | Event a:b: Invalid parameter (channel channel0, session s, filter '')",
                "-u a:b -f 'x = 1' | 106 | Event a:b: Invalid filter bytecode: unexpected `=` (character 3) (channel channel0, session s, filter 'x = 1')",
                "-j -a -f 'x +' | 106 | All events: Invalid filter bytecode: binary operation '+' not supported (character 3) (channel channel0, session s, filter 'x +')",
                "-u a:b -f '$name == 1' | 106 | Event a:b: Invalid filter bytecode: $name is known when a trace is read, not when it is recorded (character 6) (channel channel0, session s, filter '$name == 1')",
                "-u logback:a,logback:b --loglevel FOO | 97 | Unknown loglevel FOO: want one of ERROR, WARN, INFO, DEBUG, TRACE",
                "-l org.shop | 1 | enable-event -l is not implemented yet",
                "-k --probe=do_fork probe | 1 | enable-event --probe is not implemented yet",
                "-u a:b c:d | 1 | Unknown argument: c:d (separate names by commas: NAME,NAME)",
                "-u a:b --loglvl INFO | 2 | Unrecognized argument used with 'enable-event' command: --loglvl: did you mean --loglevel?",
            })
    void whatCannotBeARuleIsRefusedAndNoneIsMade(String words, int status, String error) {
        assertThat(user.contrail("enable-event " + words))
                .isEqualTo(new Said(status, "", "Error: " + error + "\n"));
        assertThat(user.succeed("list s")).doesNotContain("Recording event rules");
    }

    @Test
    void whatUserSpaceAloneHasNeedsNoDomain() {
        assertSaid(
                user,
                """
                $ contrail enable-event jfr:ThreadSleep,logback:org.shop,jvm:*
                1 ust event jfr:ThreadSleep created in channel channel0
                1 ust event logback:org.shop created in channel channel0
                1 ust event jvm:* created in channel channel0
                $ contrail enable-event --method org.shop.Cart.add --arg 0
                1 ust event org.shop.Cart.add created in channel channel0
                $ contrail disable-event --method org.shop.Cart.add
                1 ust org.shop.Cart.add of type method disabled in channel channel0 for session s
                $ contrail disable-event jfr:ThreadSleep
                1 ust jfr:ThreadSleep of type any disabled in channel channel0 for session s
                $ contrail enable-event jfr:ThreadSleep,sched_switch
                2 Error: Please specify a domain (--kernel/--userspace/--jul/--log4j2).
                = 1
                $ lttng enable-event jfr:ThreadSleep
                2 Error: Please specify a domain (--kernel/--userspace/--jul/--log4j/--python).
                = 1
                """);
    }

    /// The rule is made: a program may have such tracepoints, or fields, after all.
    @Test
    void whatWasProbablyMeantIsSaidOfARuleThatCanHardlyRecord() {
        assertSaid(
                user,
                """
                $ contrail enable-event -u 'log4j2:org.*'
                1 ust event log4j2:org.* created in channel channel0
                2 Warning: `log4j2:org.*` means tracepoints: loggers are recorded by enable-event --log4j2 'org.*'
                $ contrail enable-event -u method:Cart.add
                1 ust event method:Cart.add created in channel channel0
                2 Warning: `method:Cart.add` means tracepoints: methods are recorded by enable-event -u --method 'Cart.add'
                $ contrail enable-event -u 'org.shop.Cart.add(int)'
                1 ust event org.shop.Cart.add(int) created in channel channel0
                2 Warning: `org.shop.Cart.add(int)` means tracepoints: methods are recorded by enable-event -u --method 'org.shop.Cart.add(int)'
                $ contrail enable-event -j org.shop -f 'message == "level" && $ctx.vtid == 3'
                1 Event org.shop: Filter 'message == "level" && $ctx.vtid == 3' successfully set
                2 Warning: log events have no field message, want msg: the filter takes none
                $ contrail enable-event -u logback:org.shop -f 'msg == "message"'
                1 Event logback:org.shop: Filter 'msg == "message"' successfully set
                $ contrail enable-event -u shop:* -f 'message == "x"'
                1 Event shop:*: Filter 'message == "x"' successfully set
                $ lttng enable-event -u 'log4j2:org.shop'
                1 ust event log4j2:org.shop created in channel channel0
                """);
    }

    @Test
    void anExclusionThatExcludesNothingIsToldAndKept() {
        assertThat(user.contrail("enable-event -u 'shop:*' -x store:paid"))
                .isEqualTo(
                        new Said(
                                0,
                                "ust event shop:* excluding \"store:paid\" created in channel"
                                        + " channel0\n",
                                "Warning: Event shop:*: store:paid does not exclude any events from"
                                        + " shop:*\n"));
        assertThat(rules("s"))
                .containsExactly("shop:* (type: tracepoint) [enabled] [exclusions: store:paid]");
    }

    @Test
    void eachRuleIsAnsweredAlsoAfterOneThatIsThereAlready() {
        assertSaid(
                user,
                """
                $ contrail enable-event -u a:b
                1 ust event a:b created in channel channel0
                $ contrail enable-event -u a:b,c:d
                1 ust event c:d created in channel channel0
                2 Error: Event a:b: UST event already enabled (channel channel0, session s)
                = 55
                $ contrail enable-event -u a:b --loglevel INFO
                1 ust event a:b created in channel channel0
                $ contrail enable-event -u a:b --loglevel-only INFO
                1 ust event a:b created in channel channel0
                $ contrail enable-event -u -a
                1 All ust events are enabled in channel channel0
                $ contrail enable-event -u -a
                2 Error: Events: UST event already enabled (channel channel0, session s)
                = 1
                """);
        assertThat(rules("s")).hasSize(5);
    }

    /// What `lttng` 2.13.9 said to the same words.
    @Test
    void theSameEventWithAnotherFilterIsAnotherRule() {
        assertSaid(
                user,
                """
                $ contrail enable-event -u e -f 'x == 1'
                1 Event e: Filter 'x == 1' successfully set
                $ contrail enable-event -u e -f 'x == 1'
                2 Error: Event e: UST event already enabled (channel channel0, session s, filter 'x == 1')
                = 55
                $ contrail enable-event -u e -f 'x == 2'
                1 Event e: Filter 'x == 2' successfully set
                $ contrail enable-event -u e
                1 ust event e created in channel channel0
                $ contrail enable-event -u --tracepoint -a -f 'x == 7'
                1 Filter 'x == 7' successfully set
                $ contrail enable-event -u -a -f 'x == 7'
                2 Error: All events: UST event already enabled (channel channel0, session s, filter 'x == 7')
                = 55
                $ contrail disable-event -u e
                1 ust e of type any disabled in channel channel0 for session s
                $ contrail enable-event -u e -f 'x == 1'
                1 Event e: Filter 'x == 1' successfully set
                $ contrail enable-event -u 'h*' -x ha -f 'x == 1'
                1 Event h* excluding "ha": Filter 'x == 1' successfully set
                $ contrail enable-event -j -a -f 'x == 1'
                1 Filter 'x == 1' successfully set
                """);
        assertThat(rules("s"))
                .containsExactly(
                        "e (type: tracepoint) [enabled] [filter: 'x == 1']",
                        "e (type: tracepoint) [disabled] [filter: 'x == 2']",
                        "e (type: tracepoint) [disabled]",
                        "* (type: tracepoint) [enabled] [filter: 'x == 7']",
                        "h* (type: tracepoint) [enabled] [exclusions: ha] [filter: 'x == 1']");
    }

    @Test
    void aRuleGoesIntoTheChannelThatIsNamed() {
        assertSaid(
                user,
                """
                $ contrail enable-event -u a:b -c mine
                1 ust event a:b created in channel mine
                $ contrail enable-event -u c:d
                2 Error: Event c:d: Non-default channel exists within session: channel name needs to be specified with '-c name', which is one of mine (channel <default>, session s)
                = 83
                $ contrail enable-event -u c:d -c yours
                1 ust event c:d created in channel yours
                $ contrail enable-event -j org.shop
                1 jul event org.shop enabled
                $ contrail enable-event -j org.shop -c mine
                2 Error: Event org.shop: UST event already enabled (channel mine, session s)
                = 55
                """);
    }

    @Test
    void disablingTellsTheRuleItsTypeAndItsChannel() {
        assertSaid(
                user,
                """
                $ contrail enable-event -u a:b,c:d
                1 ust event a:b created in channel channel0
                1 ust event c:d created in channel channel0
                $ contrail enable-event -j org.shop
                1 jul event org.shop enabled
                $ contrail disable-event -u a:b
                1 ust a:b of type any disabled in channel channel0 for session s
                $ contrail disable-event -u --tracepoint c:d
                1 ust c:d of type tracepoint disabled in channel channel0 for session s
                $ contrail disable-event -u a:b,e:f
                1 ust a:b of type any disabled in channel channel0 for session s
                2 Error: e:f of type any : UST event not found (channel channel0, session s)
                = 76
                $ contrail disable-event -j org.shop
                1 jul org.shop of type any disabled in channel lttng_jul_channel for session s
                $ contrail disable-event -j org.store
                2 Error: org.store of type any : UST event not found (channel channel0, session s)
                = 76
                $ contrail disable-event -u a:b -c none
                2 Error: a:b of type any : UST channel not found (channel none, session s)
                = 59
                $ contrail disable-event -u
                2 Error: Missing event name(s): want NAME[,NAME...] or --all-events; contrail list SESSION shows those that are enabled
                = 1
                $ contrail disable-event -u -a a:b
                2 Error: Event names and --all-events exclude each other.
                = 1
                $ contrail disable-event a:b
                2 Error: Please specify a domain (--kernel/--userspace/--jul/--log4j2).
                = 1
                $ contrail disable-event -u a:b extra
                2 Error: Unknown argument: extra (separate names by commas: NAME,NAME)
                = 1
                $ contrail disable-event -u --probe x
                2 Error: disable-event --probe is not implemented yet
                = 1
                """);
        assertThat(rules("s"))
                .containsExactly(
                        "a:b (type: tracepoint) [disabled]", "c:d (type: tracepoint) [disabled]");
    }

    @Test
    void allRulesAreDisabledAndEnabledAgainOneByOne() {
        user.succeed("enable-event -u a:b,c:d");
        user.succeed("enable-event -u 'e:*' -x e:f");
        assertThat(user.succeed("disable-event -u -a"))
                .isEqualTo("All ust events of type any are disabled in channel channel0\n");
        assertThat(rules("s")).hasSize(3).allMatch(rule -> rule.contains("[disabled]"));

        assertThat(user.succeed("enable-event -u c:d"))
                .isEqualTo("ust event c:d created in channel channel0\n");
        assertThat(rules("s"))
                .containsExactly(
                        "a:b (type: tracepoint) [disabled]",
                        "c:d (type: tracepoint) [enabled]",
                        "e:* (type: tracepoint) [disabled] [exclusions: e:f]");
    }

    @Test
    void aCommaInANameIsWrittenWithABackslash() {
        assertThat(user.succeed("enable-event -u a\\,b"))
                .isEqualTo("ust event a,b created in channel channel0\n");
    }

    private List<String> rules(String session) {
        return user.succeed("list " + session)
                .lines()
                .filter(line -> line.contains("(type: tracepoint)"))
                .map(String::strip)
                .toList();
    }
}
