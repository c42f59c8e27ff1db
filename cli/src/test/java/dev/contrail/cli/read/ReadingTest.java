// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import static dev.contrail.cli.Dialogue.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.cli.User;
import dev.contrail.cli.User.Said;
import dev.contrail.cli.traced.ShopTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `view`, `convert`, `summary` and the entry point `babeltrace2` over a trace of which each byte
/// is known.
class ReadingTest {
    private static final String ESCAPE = "\033[";

    @TempDir Path directory;
    private User user;

    @BeforeEach
    void write() throws IOException {
        user = User.at(directory);
        ShopTrace.write(directory.resolve("trace"));
    }

    @Test
    void printsEventsInTheOrderOfTheirTimes() {
        assertSaid(
                user,
                """
                $ contrail view --clock-gmt DIR/trace
                1 [01:46:40.000000000] (+?.?????????) till shop:ordered: { order = 1, cents = 250, what = "tea" }
                1 [01:46:40.100000000] (+0.100000000) till shop:ordered: { order = 2, cents = 1999, what = "a \\"book\\"" }
                1 [01:46:40.200000000] (+0.100000000) till shop:paid: { order = 1, cents = 250, what = "tea" }
                1 [01:46:40.500000000] (+0.300000000) till shop:paid: { order = 2, cents = 1999, what = "a \\"book\\"" }
                1 [01:46:40.900000000] (+0.400000000) till shop:ordered: { order = 3, cents = -5, what = "refund" }
                1 [01:46:41.000000000] (+0.100000000) till shop:paid: { order = 3, cents = -5, what = "refund" }
                """);
    }

    /// Their names are somebody's, who may want to say something else.
    @Test
    void namesBeginNoLineOfTheSummary() throws IOException {
        Path odd = directory.resolve("odd\n  Lost: 0 events");
        ShopTrace.write(odd);
        Files.write(odd.resolve("odd\nError: none"), new byte[300]);
        Said said = user.contrail("summary '" + odd + "'");
        assertThat(said.out()).contains("  Folder: ", "odd\\x0a  Lost: 0 events\n");
        assertThat(said.err()).contains("odd\\x0aError: none").hasLineCount(1);
    }

    @Test
    void clocksAreShownAsAsked() {
        assertSaid(
                user,
                """
                $ contrail view --clock-gmt --clock-date --tail 1 DIR/trace
                1 [2001-09-09 01:46:41.000000000] (+?.?????????) till shop:paid: { order = 3, cents = -5, what = "refund" }
                $ contrail view --clock-seconds --tail 1 DIR/trace
                1 [1000000001.000000000] (+?.?????????) till shop:paid: { order = 3, cents = -5, what = "refund" }
                $ contrail view --clock-cycles --tail 1 DIR/trace
                1 [01000000001000000000] (+????????????) till shop:paid: { order = 3, cents = -5, what = "refund" }
                $ contrail view --clock-seconds --clock-offset 5 --tail 1 DIR/trace
                1 [1000000006.000000000] (+?.?????????) till shop:paid: { order = 3, cents = -5, what = "refund" }
                $ contrail view --clock-seconds --clock-offset-ns=-7 --tail 1 DIR/trace
                1 [1000000000.999999993] (+?.?????????) till shop:paid: { order = 3, cents = -5, what = "refund" }
                $ contrail view --clock-seconds --no-delta --tail 2 DIR/trace
                1 [1000000000.900000000] till shop:ordered: { order = 3, cents = -5, what = "refund" }
                1 [1000000001.000000000] till shop:paid: { order = 3, cents = -5, what = "refund" }
                """);
    }

    @Test
    void namesAndFieldsAreShownAsAsked() {
        assertSaid(
                user,
                """
                $ contrail view --clock-seconds --tail 1 --names none DIR/trace
                1 [1000000001.000000000] (+?.?????????) till shop:paid: { 3, -5, "refund" }
                $ contrail view --clock-seconds --tail 1 --names all DIR/trace
                1 timestamp = 1000000001.000000000, delta = +?.?????????, trace:hostname = till, name = shop:paid, event.fields = { order = 3, cents = -5, what = "refund" }
                $ contrail view --clock-seconds --tail 1 --names payload,scope DIR/trace
                1 [1000000001.000000000] (+?.?????????) till shop:paid: event.fields = { order = 3, cents = -5, what = "refund" }
                $ contrail view --clock-seconds --tail 1 --fields all DIR/trace
                1 [1000000001.000000000] (+?.?????????) tilltill:ust:TRACE_INFO (6) shop:paid: { order = 3, cents = -5, what = "refund" }
                $ contrail view --clock-seconds --tail 1 --fields loglevel,trace:hostname DIR/trace
                1 [1000000001.000000000] (+?.?????????) till:TRACE_INFO (6) shop:paid: { order = 3, cents = -5, what = "refund" }
                $ contrail view --clock-seconds --tail 1 --fields everything DIR/trace
                2 Error: Unknown field in `--fields`: `everything`, want trace, trace:hostname, trace:domain, trace:procname, trace:vpid, loglevel, emf, callsite or all
                = 1
                $ contrail view --clock-seconds --tail 1 --names everything DIR/trace
                2 Error: Unknown name in `--names`: `everything`, want payload, context, scope, header, all or none
                = 1
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--begin 1000000000.2 | 1:paid 2:paid 3:ordered 3:paid",
                "--end 1000000000.2 | 1:ordered 2:ordered 1:paid",
                "-b 1000000000.15 -e 1000000000.6 | 1:paid 2:paid",
                "--timerange 1000000000.1,1000000000.2 | 2:ordered 1:paid",
                "--stream-intersection | 2:ordered 1:paid 2:paid 3:ordered",
                "--last 1ns | 3:paid",
                "--last 100ms | 3:ordered 3:paid",
                "--last 0.6s | 2:paid 3:ordered 3:paid",
                "--last=1h | 1:ordered 2:ordered 1:paid 2:paid 3:ordered 3:paid",
                "--tail 2 | 3:ordered 3:paid",
                "--tail=1 --last 1s | 3:paid",
                "--filter 'cents > 1000' | 2:ordered 2:paid",
                "--filter '!(cents >= 0 && order != 1)' | 1:ordered 1:paid 3:ordered 3:paid",
                "--filter 'what == \"tea\" && !(cents != 250)' | 1:ordered 1:paid",
                "--filter 'what == \"*oo*\"' | 2:ordered 2:paid",
                "--filter 'cents > 0' --tail 1 | 2:paid",
                "--filter 'order == 3' --begin 1000000001 | 3:paid",
            })
    void choosesEvents(String options, String events) {
        assertThat(names(user.succeed("view " + options + " DIR/trace"))).isEqualTo(events);
    }

    /// `ORDER:EVENT` of each line.
    private static String names(String text) {
        var names = new ArrayList<String>();
        for (String line : text.lines().toList()) {
            names.add(line.replaceAll(".* shop:(\\w+): .*order = (\\d+),.*", "$2:$1"));
        }
        return String.join(" ", names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "view --filter 'cents >' DIR/trace | Invalid filter `cents >`",
                "view --filter 'price > 1' DIR/trace | price",
                "view --begin soon DIR/trace | Invalid begin time `soon`: want hh:mm:ss or YYYY-MM-DD hh:mm:ss",
                "view --timerange 5 DIR/trace | Invalid time range `5`: want BEGIN,END, each hh:mm:ss or",
                "view --color often DIR/trace | Unknown value of `--color`: `often`, want auto, never or always",
                "view -i text DIR/trace | Unsupported input format: `text`, want ctf or lttng-live",
                "view -o DIR/text DIR/trace | , want text, ctf, dummy, json, ctf-metadata; --output names the file to write to",
                "view '' | The path of a trace is empty: is a variable that it is made of empty?",
                "convert '' | The path of a trace is empty: is a variable that it is made of empty?",
                "summary '' | The path of a trace is empty: is a variable that it is made of empty?",
                "view net://host/trace | net://host/trace: /trace names no session, want net://HOST[:PORT]/host/TARGET/SESSION",
                "view http://host/trace | http://host/trace: URI parse unknown protocol http://host/trace",
                "view --tail=5 net://127.0.0.1:1/host/h/s | The end of a live session is not known",
                "view --around x net://127.0.0.1:1/host/h/s | What is around events of a live session",
                "summary net://127.0.0.1:1/host/h/s | relay 127.0.0.1:1: Connection refused",
                "view net6://[::1]:1/host/h/s | relay [::1]:1: ",
                "view net6://fd00::1/host/h/s | net6://fd00::1/host/h/s: an address of IPv6 stands in brackets: [fd00::1]",
                "view net://h/host/x | /host/x names no session, want net://HOST[:PORT]/host/TARGET/SESSION",
                "convert net://127.0.0.1:1 | relay 127.0.0.1:1: Connection refused; does a relay daemon run there",
                "view DIR/empty | DIR/empty: no trace here: no `metadata` file in this folder or below it",
                "view DIR/trace/metadata | DIR/trace/metadata: no trace here: name the folder that this file is in",
                "view DIR/trace.zip | DIR/trace.zip: no trace here: a zip archive: unpack it, and name the folder",
                "view --around x DIR/empty | DIR/empty: no trace here",
                "view --around 'price == 3' DIR/trace | price",
                "view --around 'order ==' DIR/trace | Invalid filter `order ==`",
                "convert -c sink.no.x DIR/empty | DIR/empty: no trace here",
                "convert -o ctf -w /proc/nosuch DIR/trace | /proc/nosuch: No such file or directory",
                "view DIR/cut | DIR/cut/metadata: no whole `trace` block; line 1: found the end",
                "view DIR/odd | DIR/odd/metadata: line 1: no character of TSDL: `\u00c1`",
                "view --last 5 DIR/trace | --last wants a time and its unit, such as 5s or 200ms (ns, us, ms, s, m or h): `5`",
                "view --tail 0 DIR/trace | --tail wants a number of events, 1 to ",
                "view DIR/none | DIR/none",
                "view --output-format paper DIR/trace | paper",
                "view -c sink.no.such DIR/trace | Cannot find component class: plugin-name=\"no\"",
                "view -c sink.no.such DIR/trace | built in: sink.text.pretty, ",
                "view --colour always DIR/trace | Unrecognized argument used with 'view' command: --colour: did you mean --color?",
                "convert --tial 5 DIR/trace | Unrecognized argument used with 'convert' command: --tial (contrail help convert shows what there is)",
                "convert DIR/none | DIR/none",
                "convert | No trace given: contrail convert PATH…",
                "summary DIR/none | DIR/none: no such file or folder",
                "summary | There is no session and no trace yet",
                "summary nowhere | nowhere: no such session, file or folder",
                "summary --by-clas DIR/trace | --by-clas: did you mean --by-class?",
            })
    void whatCannotBeReadIsRefusedInOneLine(String line, String why) throws IOException {
        Files.createDirectory(directory.resolve("empty"));
        Path cut = Files.createDirectory(directory.resolve("cut")).resolve("metadata");
        Files.writeString(cut, "/* CTF 1.8 */ trace {");
        Path odd = Files.createDirectory(directory.resolve("odd")).resolve("metadata");
        Files.writeString(odd, "\u00c1");
        Files.writeString(directory.resolve("trace.zip"), "PK\u0003\u0004");
        Said said = user.contrail(line);
        assertThat(said.status()).isIn(1, 2);
        assertThat(said.out()).isEmpty();
        assertThat(user.withoutChance(said.err()))
                .startsWith("Error: ")
                .contains(why)
                .hasLineCount(1);
    }

    @Test
    void whatIsAroundAnExpressionIsShown() {
        String around =
                "view --around '$name == \"shop:paid\" && order == 2' --context 1 DIR/trace";
        assertThat(names(user.succeed(around))).isEqualTo("1:paid 2:paid 3:ordered");
    }

    @Test
    void eventsAreWrittenAsJson() {
        assertSaid(
                user,
                """
                $ contrail view -o json --tail 2 DIR/trace
                1 {"time":1000000000900000000,"trace":"till","stream":0,"event":"shop:ordered","payload":{"order":3,"cents":-5,"what":"refund"}}
                1 {"time":1000000001000000000,"trace":"till","stream":1,"event":"shop:paid","payload":{"order":3,"cents":-5,"what":"refund"}}
                """);
    }

    @Test
    void metadataIsWrittenAsText() throws IOException {
        assertThat(user.succeed("convert --output-format=ctf-metadata DIR/trace").strip())
                .isEqualTo(Files.readString(directory.resolve("trace/metadata")).strip());
    }

    @Test
    void aCopyHoldsTheSameEvents() throws IOException {
        user.succeed("convert --output-format ctf -w DIR/copy DIR/trace");
        assertThat(user.succeed("view --clock-cycles DIR/copy"))
                .isEqualTo(user.succeed("view --clock-cycles DIR/trace"));

        user.succeed("convert -o ctf -w DIR/part --filter 'order == 2' DIR/trace");
        assertThat(names(user.succeed("view DIR/part"))).isEqualTo("2:ordered 2:paid");
        assertThat(user.contrail("convert -o ctf DIR/trace").status()).isEqualTo(1);
    }

    @Test
    void aFileIsWrittenInsteadOfStandardOutput() throws IOException {
        assertThat(user.succeed("view --clock-seconds -w DIR/text DIR/trace")).isEmpty();
        assertThat(Files.readString(directory.resolve("text")))
                .isEqualTo(user.succeed("view --clock-seconds DIR/trace"));
    }

    @Test
    void twoTracesAreMergedByTime() throws IOException {
        ShopTrace.write(directory.resolve("other"), 3);
        assertThat(user.succeed("view DIR/trace DIR/other").lines()).hasSize(12);
        assertThat(names(user.succeed("view --end 1000000000.1 DIR/trace DIR/other")))
                .isEqualTo("1:ordered 1:ordered 2:ordered 2:ordered");
        assertThat(user.succeed("view DIR").lines()).hasSize(12);
    }

    @Test
    void countsWithoutPrinting() {
        assertSaid(
                user,
                """
                $ contrail view -o dummy DIR/trace
                $ contrail convert -c sink.utils.counter DIR/trace
                1               6 Event messages
                1               2 Stream beginning messages
                1               2 Stream end messages
                1               3 Packet beginning messages
                1               3 Packet end messages
                1               0 Discarded event messages
                1               0 Discarded packet messages
                1               0 Message iterator inactivity messages
                1              16 messages (TOTAL)
                $ babeltrace2 DIR/trace -c sink.utils.dummy
                """);
    }

    @Test
    void summarizesATrace() {
        assertSaid(
                user,
                """
                $ contrail summary DIR/trace
                1 Trace till (00000000-0000-0001-0000-000000000002)
                1   Folder: DIR/trace
                1   Host: till
                1   Domain: ust
                1   Tracer: lttng-ust
                1   Time: 2001-09-09 01:46:40.000000000 to 2001-09-09 01:46:41.000000000 (1.000 s)
                1   Content: 2 streams, 3 packets, 400 bytes
                1   Lost: 0 events, 0 packets
                1   Stream      Packets  Bytes  Seconds  Lost events  Lost packets
                1   channel0_0        2    237    0.900            0             0
                1   channel0_1        1    163    0.900            0             0
                $ contrail summary --by-class DIR/trace
                1 Trace till (00000000-0000-0001-0000-000000000002)
                1   Folder: DIR/trace
                1   Host: till
                1   Domain: ust
                1   Tracer: lttng-ust
                1   Time: 2001-09-09 01:46:40.000000000 to 2001-09-09 01:46:41.000000000 (1.000 s)
                1   Content: 2 streams, 3 packets, 400 bytes
                1   Lost: 0 events, 0 packets
                1   Stream      Packets  Bytes  Seconds  Lost events  Lost packets
                1   channel0_0        2    237    0.900            0             0
                1   channel0_1        1    163    0.900            0             0
                1   Events: 6
                1     3  shop:ordered
                1     3  shop:paid
                """);
    }

    @Test
    void summarizesSeveralTracesEachByItself() throws IOException {
        ShopTrace.write(directory.resolve("other"), 3);
        assertThat(user.succeed("summary DIR/trace DIR/other").lines())
                .filteredOn(line -> line.startsWith("Trace "))
                .containsExactly(
                        "Trace till (00000000-0000-0001-0000-000000000002)",
                        "Trace till (00000000-0000-0001-0000-000000000003)");
    }

    @Test
    void whatIsIntactIsPrintedBeforeTheDamageIsNamed() throws IOException {
        Path stream = directory.resolve("trace/channel0_1");
        byte[] bytes = Files.readAllBytes(stream);
        bytes[0] ^= 1;
        Files.write(stream, bytes);
        Said viewed = user.contrail("view DIR/trace");
        assertThat(names(viewed.out())).isEqualTo("1:ordered 1:paid 3:ordered");
        assertThat(viewed.status()).isEqualTo(1);
        assertThat(viewed.err())
                .contains(
                        "Error: "
                                + stream
                                + ": packet 0 at byte 0: trace.packet.header, bit 0: magic ")
                .hasLineCount(2);

        Said summary = user.contrail("summary DIR/trace");
        assertThat(summary.status()).isEqualTo(1);
        assertThat(summary.err()).startsWith("Error: ").contains("channel0_1");
    }

    /// Who sees nothing at all wonders; a program that reads it does not.
    @ParameterizedTest
    @CsvSource({
        "--no-pager --filter '$name == \"no:such\"', No events are left by --filter.",
        "--filter '$name == \"no:such\"', No events are left by --filter.",
        "--no-pager --begin 2000000000 --end 2000000001, No events are left by --begin and --end.",
    })
    void aTerminalIsToldThatThereIsNothing(String options, String note) {
        user.with("TERM", "xterm");
        assertThat(onTerminal(options + " DIR/trace")).isEqualTo(note + "\n");
        Said piped = user.contrail("view " + options + " DIR/trace");
        assertThat(piped).isEqualTo(new Said(0, "", ""));
    }

    @Test
    void aTerminalIsToldOfATraceWithoutEvents() throws IOException {
        for (int stream = 0; stream < 2; stream++) {
            Files.deleteIfExists(directory.resolve("trace/channel0_" + stream));
            Files.deleteIfExists(directory.resolve("trace/index/channel0_" + stream + ".idx"));
        }
        assertThat(onTerminal("--no-pager DIR/trace")).isEqualTo("No events: none was recorded.\n");
        assertThat(onTerminal("--no-pager -o dummy DIR/trace")).isEmpty();
    }

    @Test
    void textIsColouredOnATerminalOnly() {
        String plain = user.succeed("view DIR/trace");
        user.with("TERM", "xterm");
        assertThat(onTerminal("--no-pager DIR/trace")).contains(ESCAPE);
        assertThat(onTerminal("--no-pager --color never DIR/trace")).doesNotContain(ESCAPE);
        assertThat(user.succeed("view DIR/trace")).isEqualTo(plain).doesNotContain(ESCAPE);
        // Where there is no terminal, that is not enough, as with babeltrace2.
        assertThat(user.succeed("view --color always DIR/trace")).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({
        "TERM, dumb",
        "NO_COLOR, 1",
        "BABELTRACE_TERM_COLOR, never",
        "BABELTRACE_TERM_COLOR, NEVER",
    })
    void theEnvironmentTurnsColoursOff(String variable, String value) {
        user.with("TERM", "xterm").with(variable, value);
        assertThat(onTerminal("--no-pager DIR/trace")).doesNotContain(ESCAPE);
        assertThat(user.contrailOnTerminal("summary DIR/trace").out()).doesNotContain(ESCAPE);
    }

    @Test
    void theEnvironmentTurnsColoursOn() {
        user.with("BABELTRACE_TERM_COLOR", "always");
        assertThat(user.succeed("view DIR/trace")).contains(ESCAPE);
        user.with("NO_COLOR", "1");
        assertThat(user.succeed("view DIR/trace")).doesNotContain(ESCAPE);
    }

    @Test
    void aSummaryOnATerminalShowsNamesBold() {
        user.with("TERM", "xterm");
        assertThat(user.contrailOnTerminal("summary DIR/trace").out())
                .startsWith("\033[1mTrace till (00000000-0000-0001-0000-000000000002)\033[0m\n");
    }

    @Test
    void aSummaryOfNothingNamedIsOfWhatWasRecordedLast() throws IOException {
        Path trace = directory.resolve("trace");
        Files.writeString(
                Files.createDirectories(user.home()).resolve(".contrail-outputs"),
                "trace " + trace + "\n");
        Said said = user.contrail("summary");
        assertThat(said.out()).startsWith("Trace till (");
        assertThat(said.err()).isEqualTo("Trace: " + trace + System.lineSeparator());
    }

    @Test
    void aSummaryTakesASessionsName() throws IOException {
        try (User owner = User.withDaemon(directory.resolve("owner"))) {
            owner.succeed("create night --snapshot");
            assertThat(owner.contrail("summary night").err())
                    .isEqualTo(
                            "Error: Session night has no snapshot yet: contrail snapshot record -s"
                                    + " night"
                                    + System.lineSeparator());
        }
    }

    private String onTerminal(String words) {
        return user.contrailOnTerminal("view " + words).out();
    }

    @Test
    void lttngViewTakesLttngsOptions() {
        assertSaid(
                user,
                """
                $ lttng view -t DIR/trace -e 'babeltrace --clock-seconds --end 1000000000.0'
                1 [1000000000.000000000] (+?.?????????) till shop:ordered: { order = 1, cents = 250, what = "tea" }
                $ lttng view --trace-path DIR/trace --viewer 'x --clock-seconds --no-delta -e 1000000000'
                1 [1000000000.000000000] till shop:ordered: { order = 1, cents = 250, what = "tea" }
                $ lttng view
                1 Did you create a session? (lttng create <my_session>)
                2 Error: Can't find valid lttng config DIR/home/.lttngrc
                = 1
                """);
    }

    @Test
    void withoutASessionAndATraceViewSaysHowToMakeOne() {
        assertSaid(
                user,
                """
                $ contrail view
                2 Error: There is no session and no trace yet: contrail record -- COMMAND… makes one, contrail view PATH prints one that lies elsewhere
                = 1
                $ contrail view nowhere
                2 Error: nowhere: no such session, file or folder
                = 1
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--clock-gmt",
                "--clock-gmt --clock-date --fields=all --names=all",
                "--clock-seconds --no-delta --names=none",
                "--clock-cycles --fields=loglevel",
                "--begin=1000000000.2 --clock-seconds",
                "--timerange=1000000000.1,1000000000.2 --clock-seconds",
                "--stream-intersection --clock-seconds",
                "--clock-offset=5 --clock-seconds",
                "-c sink.utils.counter -p step=+2",
                "--output-format=dummy",
                "--output-format=ctf-metadata",
                "-c sink.text.details",
                "--color=always --clock-seconds",
            })
    void printsWhatBabeltracePrints(String options) throws IOException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "babeltrace2"))),
                "babeltrace2 is not installed (./check --install-peers)");
        String arguments = options + " " + directory.resolve("trace");
        var command = new ArrayList<>(List.of("babeltrace2"));
        command.addAll(List.of(arguments.split(" ")));
        Said peer = user.program(command);
        Said ours = user.babeltrace2(arguments);

        assertThat(ours).isEqualTo(peer);
        assertThat(ours.status()).isZero();
    }
}
