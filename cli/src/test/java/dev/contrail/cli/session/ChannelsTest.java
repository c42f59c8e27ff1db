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

/// `enable-channel` and `disable-channel`: what an option does is seen in `list`.
class ChannelsTest {
    @TempDir Path directory;
    private User user;

    @BeforeEach
    void open() throws IOException {
        user = User.withDaemon(directory);
        user.succeed("create disk");
    }

    @AfterEach
    void close() throws IOException {
        user.close();
    }

    @Test
    void aChannelHasLttngsDefaults() {
        user.succeed("enable-channel -u plain");
        assertSaid(
                user,
                """
                $ contrail list disk
                1 Recording session disk: [inactive]
                1     Trace output: DIR/home/lttng-traces/disk-TIME
                1
                1 === Domain: User space ===
                1
                1 Buffering scheme: per-user
                1
                1 Tracked process attributes
                1   Virtual process IDs:  all
                1   Virtual user IDs:     all
                1   Virtual group IDs:    all
                1
                1 Channels:
                1 -------------
                1 - plain: [enabled]
                1
                1     Attributes:
                1       Event-loss mode:  discard
                1       Sub-buffer size:  524288 bytes
                1       Sub-buffer count: 4
                1       Switch timer:     inactive
                1       Read timer:       inactive
                1       Monitor timer:    1000000 us
                1       Blocking timeout: 0 us
                1       Trace file count: 1 per stream
                1       Trace file size:  unlimited
                1       Output mode:      mmap
                1
                1     Statistics:
                1       Discarded events: 0
                1
                1     Recording event rules:
                1       None
                1
                """);
    }

    @Test
    void aChannelOfASnapshotSessionOverwritesByDefault() {
        user.succeed("create memory --snapshot");
        user.succeed("enable-channel -u plain");
        user.succeed("enable-channel -u kept --discard");
        assertThat(attribute("memory", "plain", "Event-loss mode")).isEqualTo("overwrite");
        assertThat(attribute("memory", "kept", "Event-loss mode")).isEqualTo("discard");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--overwrite | Event-loss mode | overwrite",
                "--discard | Event-loss mode | discard",
                "--overwrite --discard | Event-loss mode | discard",
                "--discard --overwrite | Event-loss mode | overwrite",
                "--subbuf-size 4096 | Sub-buffer size | 4096 bytes",
                "--subbuf-size=64k | Sub-buffer size | 65536 bytes",
                "--subbuf-size 1M | Sub-buffer size | 1048576 bytes",
                "--subbuf-size 0x2000 | Sub-buffer size | 8192 bytes",
                "--subbuf-size 5000 | Sub-buffer size | 8192 bytes",
                "--num-subbuf 16 | Sub-buffer count | 16",
                "--num-subbuf 3 | Sub-buffer count | 4",
                "--num-subbuf 1 | Sub-buffer count | 1",
                "--switch-timer 0 | Switch timer | inactive",
                "--switch-timer 1s | Switch timer | 1000000 us",
                "--switch-timer 250000 | Switch timer | 250000 us",
                "--read-timer 10ms | Read timer | 10000 us",
                "--read-timer 2m | Read timer | 120000000 us",
                "--monitor-timer 0 | Monitor timer | inactive",
                "--monitor-timer 500us | Monitor timer | 500 us",
                "--output mmap | Output mode | mmap",
                "-C 1M | Trace file size | 1048576 bytes",
                "--tracefile-size 0 | Trace file size | unlimited",
                "-C 1000 --subbuf-size 8k | Trace file size | 8192 bytes",
                "-C 1000 | Trace file size | 524288 bytes",
                "-C 1M -W 3 | Trace file count | 3 per stream",
                "-C 1M --tracefile-count 0 | Trace file count | 1 per stream",
                "--buffers-uid | Output mode | mmap",
            })
    void anOptionIsAnAttributeOfTheChannel(String options, String attribute, String value) {
        assertThat(user.contrail("enable-channel -u c " + options).status()).isZero();
        assertThat(attribute("disk", "c", attribute)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--subbuf-size 5000 | The subbuf size (5000) is rounded to the next power of 2 (8192)",
                "--num-subbuf 5 | The number of subbuffers (5) is rounded to the next power of 2 (8)",
                "-C 1000 | Tracefile size rounded up from (1000) to subbuffer size (524288)",
            })
    void whatIsRoundedIsTold(String options, String warning) {
        assertThat(user.contrail("enable-channel -u c " + options))
                .isEqualTo(
                        new Said(
                                0,
                                "ust channel c enabled for session disk\n",
                                "Warning: " + warning + "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c | 1 | Please specify a domain (--kernel/--userspace/--jul/--log4j2).",
                "-u -k c | 1 | Only one domain must be specified: use either -k, -u, -j or --log4j2",
                "-u | 1 | Missing channel name: want NAME[,NAME...]",
                "-u '' | 1 | Missing channel name: want NAME[,NAME...]",
                "-u , | 1 | Missing channel name: want NAME[,NAME...]",
                "-u .hidden | 1 | Invalid channel name: \".hidden\". Channel names may not start with '.', and may not contain '/'.",
                "-u a/b | 1 | Invalid channel name: \"a/b\". Channel names may not start with '.', and may not contain '/'.",
                "-u c --subbuf-size 0 | 1 | Wrong value in --subbuf-size parameter: 0: want bytes, or a number with k, M or G, such as 512k",
                "-u c --subbuf-size 1T | 1 | Wrong value in --subbuf-size parameter: 1T: want bytes, or a number with k, M or G, such as 512k",
                "-u c --subbuf-size 2k | 1 | Channel c: Sub-buffer size 2048: want a power of two of at least 4096 bytes (session disk)",
                "-u c --num-subbuf 0 | 1 | Wrong value in --num-subbuf parameter: 0: want a whole number, 1 to 1073741824",
                "-u c --num-subbuf 2147483647 | 1 | Wrong value in --num-subbuf parameter: 2147483647: want a whole number, 1 to 1073741824",
                "-u c --num-subbuf 1 --overwrite | 1 | Channel c: Overwrite mode needs at least 2 sub-buffers (session disk)",
                "-u c --switch-timer 1d | 1 | Wrong value for --switch-timer parameter: 1d: want microseconds, or a number with us, ms, s, m or h, such as 200ms",
                "-u c --read-timer x | 1 | Wrong value for --read-timer parameter: x: want microseconds, or a number with us, ms, s, m or h, such as 200ms",
                "-u c --monitor-timer=-1 | 1 | Wrong value for --monitor-timer parameter: -1: want microseconds, or a number with us, ms, s, m or h, such as 200ms",
                "-u c --output tape | 1 | Unknown output type tape. Possible values are: mmap, splice",
                "-u c --output splice | 1 | Channel c: Operation not supported: --output splice is for the kernel (session disk)",
                "-u c -C 1g | 1 | Wrong value in --tracefile-size parameter: 1g: want bytes, or a number with k, M or G, such as 512k",
                "-u c -C 1M -W -1 | 1 | Wrong value in --tracefile-count parameter: -1: want a whole number",
                "-u c -W 2 | 1 | Missing option --tracefile-size. A file count without a size won't do anything.",
                "-u c -C 0 -W 2 | 1 | Missing option --tracefile-size. A file count without a size won't do anything.",
                "-u c --buffers-global | 1 | Buffer type not supported for domain -u",
                "-k c --buffers-uid | 1 | Buffer type not supported for domain -k",
                "-u c --buffers-pid | 1 | enable-channel --buffers-pid is not implemented yet",
                "-u c --blocking-timeout 5 | 1 | enable-channel --blocking-timeout is not implemented yet",
                "-u c d | 1 | Unknown argument: d (separate names by commas: NAME,NAME)",
                "-u c --overwrit | 2 | Unrecognized argument used with 'enable-channel' command: --overwrit: did you mean --overwrite?",
            })
    void whatCannotBeAChannelIsRefusedAndNoneIsMade(String words, int status, String error) {
        Said said = user.contrail("enable-channel " + words);
        assertThat(said.err().lines()).last().isEqualTo("Error: " + error);
        assertThat(said.out()).isEmpty();
        assertThat(said.status()).isEqualTo(status);
        assertThat(user.succeed("list disk")).doesNotContain("- c: ");
    }

    @Test
    void aNameIsAsLongAsItsFilesCanBearIt() {
        String longest = "n".repeat(215);
        assertThat(user.contrail("enable-channel -u " + longest).err()).isEmpty();
        assertThat(user.contrail("enable-channel -u n" + longest))
                .isEqualTo(
                        new Said(
                                1,
                                "",
                                "Error: Channel n%s: The channel's name is 216 bytes long: want at most 215, as its files bear it (session disk)\n"
                                        .formatted(longest)));
    }

    @Test
    void severalAreEnabledAndDisabledAtOnce() {
        assertSaid(
                user,
                """
                $ contrail enable-channel -u one,two,one
                1 ust channel one enabled for session disk
                1 ust channel two enabled for session disk
                2 Warning: Channel one: UST channel already exist (session disk)
                = 4
                $ contrail disable-channel -u one,three,two
                1 ust channel one disabled for session disk
                1 ust channel two disabled for session disk
                2 Error: Channel three: UST channel not found (session disk)
                = 4
                $ contrail enable-channel -u one
                1 ust channel one enabled for session disk
                $ contrail disable-channel -u
                2 Error: Missing channel name(s): want NAME[,NAME...]; contrail list disk shows them
                = 1
                $ contrail disable-channel one
                2 Error: Please specify a domain (--kernel/--userspace/--jul/--log4j2).
                = 1
                $ contrail disable-channel -u -k one
                2 Error: Only one domain must be specified: use either -k, -u, -j or --log4j2
                = 1
                """);
    }

    @Test
    void aDisabledChannelIsListedSoAndKeepsItsRules() {
        user.succeed("enable-channel -u c");
        user.succeed("enable-event -u a:b -c c");
        user.succeed("disable-channel -u c");
        assertThat(lines("disk", "c").getFirst()).isEqualTo("- c: [disabled]");
        assertThat(lines("disk", "c")).contains("      a:b (type: tracepoint) [enabled]");

        user.succeed("enable-channel -u c");
        assertThat(lines("disk", "c").getFirst()).isEqualTo("- c: [enabled]");
        assertThat(lines("disk", "c")).contains("      a:b (type: tracepoint) [enabled]");
    }

    @Test
    void aChannelOfAnotherSessionIsNamedWithIt() {
        user.succeed("create other");
        assertSaid(
                user,
                """
                $ contrail enable-channel -u c -s disk
                1 ust channel c enabled for session disk
                $ contrail disable-channel -u c
                2 Error: Channel c: No channel found in the session (session other)
                = 4
                $ contrail disable-channel -u c --session disk
                1 ust channel c disabled for session disk
                """);
    }

    @Test
    void noChannelIsAddedWhileTheSessionRecords() {
        user.succeed("enable-channel -u first");
        user.succeed("enable-event -u a:b -c first");
        user.succeed("start");
        assertSaid(
                user,
                """
                $ contrail enable-channel -u late
                2 Error: Channel late: Tracing has already been started once: no channel can be added any more; contrail create begins another session (session disk)
                = 1
                $ contrail stop
                1 Waiting for data availability
                1 Tracing stopped for session disk
                $ contrail enable-channel -u late
                2 Error: Channel late: Tracing has already been started once: no channel can be added any more; contrail create begins another session (session disk)
                = 1
                """);
    }

    @Test
    void listShowsOneChannelOrSaysThatThereIsNone() {
        user.succeed("enable-channel -u one,two");
        String one = user.succeed("list disk -c one");
        assertThat(one).contains("- one: [enabled]").doesNotContain("two");
        Said none = user.contrail("list disk -c three");
        assertThat(none.err()).isEqualTo("Error: Channel three not found\n");
        assertThat(none.status()).isEqualTo(1);
    }

    @Test
    void whatContextWasProbablyMeantIsSaid() {
        assertSaid(
                user,
                """
                $ contrail add-context -u -t mdc
                2 Error: Unknown context type mdc: did you mean '$app.mdc:KEY'?
                = 3
                $ contrail add-context -u -t callstack
                2 Error: Unknown context type callstack: did you mean 'callstack-java'?
                = 3
                $ contrail add-context -u -t trace_id
                2 Error: Unknown context type trace_id: did you mean '$app.otel:trace_id'?
                = 3
                $ contrail add-context -u -t span_id
                2 Error: Unknown context type span_id: did you mean '$app.otel:span_id'?
                = 3
                $ contrail add-context -u -t thred_name
                2 Error: Unknown context type thred_name: did you mean thread_name?
                = 3
                $ contrail add-context -u -t $app.mdc
                2 Error: Invalid application context provided: no provider or context name provided.
                2 Error: Unknown context type $app.mdc
                = 3
                $ lttng add-context -u -t mdc
                2 Error: Unknown context type mdc
                = 3
                """);
    }

    /// As LTTng 2.13.9 does, `enable-channel -u lttng_jul_channel` sizes the channel of a log
    /// system; its rules go there whatever `-c` says.
    @Test
    void aLogSystemHasOneChannelWhichCanBeSized() {
        user.succeed("enable-channel --log4j2 --subbuf-size 64k");
        user.succeed("enable-channel -u lttng_jul_channel --subbuf-size 16k");
        user.succeed("enable-channel -u x");
        assertSaid(
                user,
                """
                $ contrail enable-event --log4j2 -c x -a
                1 All log4j2 events are enabled in channel lttng_log4j2_channel
                2 Warning: log4j2 events are recorded in channel lttng_log4j2_channel, not in x; enable-channel --log4j2, before the first rule, says how large it is
                $ contrail enable-event -j -a
                1 All jul events are enabled in channel lttng_jul_channel
                $ contrail enable-channel -j other
                2 Error: Channel other: jul events have one channel: want lttng_jul_channel (session disk)
                = 1
                $ lttng enable-event --log4j2 -c x org.shop
                1 log4j2 event org.shop enabled
                """);
        assertThat(attribute("disk", "lttng_log4j2_channel", "Sub-buffer size"))
                .isEqualTo("65536 bytes");
        assertThat(attribute("disk", "lttng_jul_channel", "Sub-buffer size"))
                .isEqualTo("16384 bytes");
        user.succeed("disable-channel -j");
    }

    private String attribute(String session, String channel, String name) {
        return lines(session, channel).stream()
                .map(String::strip)
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /// What `list` shows of a channel.
    private List<String> lines(String session, String channel) {
        List<String> all = user.succeed("list " + session).lines().toList();
        int from = 0;
        while (!all.get(from).startsWith("- " + channel + ": ")) {
            from++;
        }
        int to = from + 1;
        while (to < all.size() && !all.get(to).startsWith("- ")) {
            to++;
        }
        return all.subList(from, to);
    }
}
