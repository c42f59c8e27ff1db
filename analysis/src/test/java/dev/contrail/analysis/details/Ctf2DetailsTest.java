// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `sink.text.details` says of CTF 2 metadata, as babeltrace2 2.1.1 says it: cases that random
/// traces found.
class Ctf2DetailsTest {
    private static final String BYTE =
            """
            {"type": "fixed-length-unsigned-integer", "length": 8, "byte-order": "little-endian"}\
            """;

    @TempDir private Path trace;

    private String header = "";
    private byte[] packet = new byte[4];

    @Test
    void showsARangeOnceThatALabelHasTwice() throws IOException {
        assertThat(payload(BYTE.replace("}", ", \"mappings\": {\"a\": [[8, 8], [2, 3], [8, 8]]}}")))
                .contains(
                        """
                                x: Unsigned enumeration (8-bit, Base 10, 1 mapping):
                                  a: [2, 3] [8]
                        """);
    }

    @Test
    void callsTheFlagsOfABitMapWithAttributesFlags() throws IOException {
        assertThat(
                        payload(
                                """
                                {"type": "fixed-length-bit-map", "length": 8,
                                 "byte-order": "little-endian", "flags": {"a": [[1, 1]]},
                                 "attributes": {"my": 1}}\
                                """))
                .contains(
                        """
                                x: Bit array 1 flag):
                                  User attributes:
                                    my: 1
                                  Flags:
                                    a: [1]
                        """);
    }

    @Test
    void aBlankStandsBehindAnOptionWithAttributesButNotBehindAMember() throws IOException {
        assertThat(
                        payload(
                                BYTE,
                                """
                                {"name": "v", "attributes": {"m": 1}, "field-class":
                                  {"type": "variant", "selector-field-location": {"path": ["x"]},
                                   "options": [{"name": "o", "attributes": {"n": 2},
                                     "selector-field-ranges": [[0, 9]],
                                     "field-class": {"type": "structure"}}]}}\
                                """))
                .contains(
                        """
                                v:
                                  Field class: Variant (unsigned integer selector) \
                        (1 option, Selector field location [Event payload: x]):
                                    o: [0, 9]:\s
                                      Field class: Structure (0 members)
                                      User attributes:
                                        n: 2
                                  User attributes:
                                    m: 1
                        """);
    }

    @Test
    void hidesOnlyTheAttributesOfAnEventThatAreShownElsewhere() throws IOException {
        String own = "\"attributes\": {\"babeltrace.org,2020\": {%s}}";
        assertThat(details("", own.formatted("\"log-level\": \"info\""), BYTE))
                .contains("ID 0):\n      Log level: Info\n")
                .doesNotContain("User attributes");
        assertThat(details("", own.formatted("\"emf-uri\": \"u\", \"a\": 5"), BYTE))
                .contains(
                        """
                              User attributes:
                                babeltrace.org,2020:
                                  a: 5
                              EMF URI: u
                        """);
        assertThat(details("", own.formatted(""), BYTE))
                .contains("      User attributes:\n        babeltrace.org,2020: Empty\n");
        assertThat(details(own.formatted("\"log-level\": 7"), "", BYTE))
                .contains("  User attributes:\n      babeltrace.org,2020:\n        log-level: 7\n");
    }

    @Test
    void lengthsThatStandInThePacketContextAreNotFound() throws IOException {
        String context =
                """
                "packet-context-field-class": {"type": "structure", "member-classes": [
                  {"name": "n", "field-class": %s},
                  {"name": "a", "field-class": {"type": "dynamic-length-array",
                    "length-field-location": {"path": ["n"]}, "element-field-class": %s}}]}\
                """
                        .formatted(BYTE, BYTE);
        assertThat(details(context, "", BYTE))
                .contains(
                        """
                              a: Dynamic array (no length field):
                                Element: Unsigned integer (8-bit, Base 10)
                        """);
    }

    @Test
    void lossHasATimeWhereverThereIsAClock() throws IOException {
        String context =
                """
                "default-clock-class-id": "c", "packet-context-field-class": {"type": "structure",
                  "member-classes": [
                  {"name": "begin", "field-class": %s},
                  {"name": "lost", "field-class": %s}]}\
                """
                        .formatted(
                                BYTE.replace("}", ", \"roles\": [\"default-clock-timestamp\"]}"),
                                BYTE.replace(
                                        "}",
                                        ", \"roles\":"
                                                + " [\"discarded-event-record-counter-snapshot\"]}"));
        assertThat(details(context, "", BYTE))
                .contains(
                        "Packets have end default clock snapshot: No\n",
                        "Discarded events have default clock snapshots: Yes\n",
                        "      Precision (cycles): 18,446,744,073,709,551,614\n",
                        "      Accuracy (cycles): 9,223,372,036,854,775,808\n");
    }

    @Test
    void streamsAreNumberedByTheirHeaderThoughPacketsHaveNoBegin() throws IOException {
        header =
                """
                "packet-header-field-class": {"type": "structure", "member-classes": [
                  {"name": "id", "field-class": %s}]}\
                """
                        .formatted(BYTE.replace("}", ", \"roles\": [\"data-stream-id\"]}"));
        packet = new byte[] {5, 0};
        assertThat(payload(BYTE)).contains("{Trace 0, Stream class ID 0, Stream ID 5}\n");
    }

    @Test
    void aPacketContextWithoutMembersIsNotShown() throws IOException {
        String context = "\"packet-context-field-class\": {\"type\": \"structure\"}";
        assertThat(details(context, "", BYTE))
                .contains("Packet beginning\n")
                .doesNotContain("Packet context", "Context:");
    }

    private String payload(String fieldClass, String... others) throws IOException {
        return details("", "", fieldClass, others);
    }

    /// The details of a trace with one packet.
    private String details(String stream, String event, String x, String... others)
            throws IOException {
        var members = new StringBuilder("{\"name\": \"x\", \"field-class\": " + x + "}");
        for (String other : others) {
            members.append(", ").append(other);
        }
        Files.writeString(
                trace.resolve("metadata"),
                String.join(
                        "",
                        fragment("preamble", "\"version\": 2"),
                        fragment(
                                "clock-class",
                                """
                                "id": "c", "frequency": 1000, "precision": 18446744073709551614,
                                "accuracy": 9223372036854775808\
                                """),
                        fragment("trace-class", header),
                        fragment("data-stream-class", stream),
                        fragment("event-record-class", event)
                                .replaceFirst(
                                        "}$",
                                        ", \"payload-field-class\": {\"type\": \"structure\","
                                                + " \"member-classes\": ["
                                                + members
                                                + "]}}")));
        Files.write(trace.resolve("stream"), packet);
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                View.main(
                        new String[] {"-c", "sink.text.details", trace.toString()},
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String fragment(String type, String properties) {
        return "\u001e{\"type\": \"%s\"%s}"
                .formatted(type, properties.isEmpty() ? "" : ", " + properties);
    }
}
