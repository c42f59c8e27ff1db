// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.View;
import dev.contrail.analysis.convert.ViewArguments;
import dev.contrail.analysis.convert.ViewOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetailsSinkTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeTrace() throws IOException {
        new SmallTrace(folder).file("c_0", packet(3, 0, 0, 10, 12_345), packet(3, 4, 5, 12_350));
    }

    private String run(int wantedStatus, String... parameters) {
        var all = new ArrayList<>(List.of("-c", "sink.text.details"));
        for (String each : parameters) {
            all.addAll(List.of("-p", each));
        }
        all.add(folder.toString());
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                View.main(
                        all.toArray(String[]::new),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(wantedStatus);
        return (wantedStatus == 0 ? out : err).toString(StandardCharsets.UTF_8);
    }

    /// The text is what babeltrace2 2.0.4 printed for this trace.
    @Test
    void writesWhatTheTraceDeclaresThenEveryMessage() {
        assertThat(run(0))
                .isEqualTo(
                        """
                        Trace class:
                          Stream class (ID 0):
                            Supports packets: Yes
                            Packets have beginning default clock snapshot: Yes
                            Packets have end default clock snapshot: Yes
                            Supports discarded events: Yes
                            Discarded events have default clock snapshots: Yes
                            Supports discarded packets: Yes
                            Discarded packets have default clock snapshots: Yes
                            Default clock class:
                              Name: monotonic
                              Description: Monotonic Clock
                              Frequency (Hz): 1,000,000,000
                              Precision (cycles): 0
                              Offset (s): 1,600,000,000
                              Offset (cycles): 0
                              Origin is Unix epoch: No
                              UUID: e5bfba5b-d66c-48b5-83b2-54b01fe2cf3c
                            Event class `tick` (ID 0):
                              Log level: Info
                              Payload field class: Structure (4 members):
                                n: Signed integer (64-bit, Base 10)
                                text: String
                                _values_length: Unsigned integer (8-bit, Base 10)
                                values: Dynamic array (with length field) (Length field path [Event payload: 2]):
                                  Element: Unsigned integer (16-bit, Base 10)

                        [Unknown]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Stream beginning:
                          Name: FOLDER/c_0
                          Trace `host1`:
                            UUID: 10111213-1415-1617-1819-1a1b1c1d1e1f
                            Environment (2 entries):
                              hostname: host1
                              vpid: 42
                            Stream (ID 3, Class ID 0)

                        [10 cycles, 1,600,000,000,000,000,010 ns from origin]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Packet beginning

                        [10 cycles, 1,600,000,000,000,000,010 ns from origin]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Event `tick` (Class ID 0):
                          Payload:
                            n: -10
                            text: é

                            _values_length: 2
                            values: Length 2:
                              [0]: 1
                              [1]: 65,535

                        [12,345 cycles, 1,600,000,000,000,012,345 ns from origin]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Event `tick` (Class ID 0):
                          Payload:
                            n: -12,345
                            text: é

                            _values_length: 2
                            values: Length 2:
                              [0]: 1
                              [1]: 65,535

                        [12,345 cycles, 1,600,000,000,000,012,345 ns from origin]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Packet end

                        [12,345 cycles, 1,600,000,000,000,012,345 ns from origin]
                        [12,350 cycles, 1,600,000,000,000,012,350 ns from origin]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Discarded events (5 events)

                        [12,345 cycles, 1,600,000,000,000,012,345 ns from origin]
                        [12,350 cycles, 1,600,000,000,000,012,350 ns from origin]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Discarded packets (3 packets)

                        [12,350 cycles, 1,600,000,000,000,012,350 ns from origin]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Packet beginning

                        [12,350 cycles, 1,600,000,000,000,012,350 ns from origin]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Event `tick` (Class ID 0):
                          Payload:
                            n: -12,350
                            text: é

                            _values_length: 2
                            values: Length 2:
                              [0]: 1
                              [1]: 65,535

                        [12,350 cycles, 1,600,000,000,000,012,350 ns from origin]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Packet end

                        [Unknown]
                        {Trace 0, Stream class ID 0, Stream ID 3}
                        Stream end
                        """
                                .replace("FOLDER", folder.toString()));
    }

    @Test
    void compactFormHasALineForEachMessage() {
        assertThat(run(0, "compact=yes,with-metadata=no").lines())
                .hasSize(11)
                .startsWith(
                        "[Unknown] {0 0 3} Stream beginning",
                        "[10 1,600,000,000,000,000,010] {0 0 3} Packet beginning",
                        "[10 1,600,000,000,000,000,010] {0 0 3} Event `tick` (0)");
    }

    @Test
    void leavesOutWhatTheParametersSay() {
        String text = run(0, "with-metadata=no,with-time=no,with-uuid=no,with-trace-name=no");

        assertThat(text)
                .startsWith("{Trace 0, Stream class ID 0, Stream ID 3}\nStream beginning:\n")
                .contains("\n  Trace:\n    Environment (2 entries):\n")
                .doesNotContain("UUID", "cycles", "Unknown", "Trace class");
        assertThat(run(0, "with-data=no")).startsWith("Trace class:\n").doesNotContain("{Trace");
    }

    @Test
    void coloursWhatGoesToATerminal() throws UsageException {
        var out = new ByteArrayOutputStream();
        ViewOptions options =
                ViewArguments.parseForTerminal(
                        new String[] {
                            "-c",
                            "sink.text.details",
                            "-p",
                            "compact=yes,with-metadata=no",
                            folder.toString()
                        });
        View.run(List.of(), options, out, System.err);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "[\033[1m\033[1m\033[34mUnknown\033[0m] "
                                + "\033[36m{\033[1m\033[1m\033[36m0 0 3\033[0m\033[36m}\033[0m "
                                + "\033[1m\033[1m\033[33mStream beginning\033[0m\n");
        assertThat(run(0, "color=always")).doesNotContain("\033");
        assertThat(run(1, "color=pink")).contains("colour `pink`");
    }

    @Test
    void refusesParametersThatItDoesNotHave() {
        assertThat(run(1, "with-everything=yes")).contains("`with-everything`");
    }
}
