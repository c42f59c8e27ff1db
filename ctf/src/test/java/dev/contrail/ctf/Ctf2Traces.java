// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.nio.charset.StandardCharsets;

/// CTF 2 metadata for tests; quotes are single in the texts here and double in what they make.
public final class Ctf2Traces {
    public static final String PREAMBLE = "{'type': 'preamble', 'version': 2}";

    private static final String U8 =
            "{'type': 'fixed-length-unsigned-integer', 'length': 8, 'byte-order': 'little-endian',"
                    + " 'alignment': 8}";

    private static final String HEADER =
            "{'type': 'structure', 'member-classes': [%s, %s]}"
                    .formatted(
                            member("id", integer(8, "event-record-class-id")),
                            member("time", integer(16, "default-clock-timestamp")));

    /// Every fragment and field class.
    public static final String[] ALL = {
        "{'type': 'preamble', 'version': 2, 'uuid': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,"
                + " 14, 255]}",
        "{'type': 'field-class-alias', 'name': 'u8', 'field-class': " + U8 + "}",
        "{'type': 'trace-class', 'namespace': 'n', 'name': '', 'uid': 'u', 'environment':"
                + " {'hostname': 'h', 'low': -5}, 'attributes': {'k': [null, 1.5]},"
                + " 'packet-header-field-class': {'type': 'structure', 'member-classes': ["
                + member("magic", integer(32, "packet-magic-number"))
                + ", "
                + member(
                        "uuid",
                        "{'type': 'static-length-blob', 'length': 16, 'roles':"
                                + " ['metadata-stream-uuid']}")
                + "]}}",
        "{'type': 'clock-class', 'id': 'c', 'name': 'monotonic', 'uid': 'boot', 'frequency': 1000,"
                + " 'origin': 'unix-epoch', 'offset-from-origin': {'seconds': -1, 'cycles': 999},"
                + " 'accuracy': 7}",
        "{'type': 'data-stream-class', 'default-clock-class-id': 'c',"
                + " 'packet-context-field-class': {'type': 'structure', 'member-classes': ["
                + member("size", integer(32, "packet-total-length"))
                + ", "
                + member("content", integer(32, "packet-content-length"))
                + ", "
                + member("begin", integer(64, "default-clock-timestamp"))
                + ", "
                + member("end", integer(64, "packet-end-default-clock-timestamp"))
                + "]}, 'event-record-header-field-class': "
                + HEADER
                + "}",
        "{'type': 'event-record-class', 'attributes': {'lttng.org,2009': {'log-level':"
                + " 'debug:line', 'emf-uri': 'http://x'}}, 'payload-field-class': "
                + payload(
                        member("n", "'u8'"),
                        member(
                                "e",
                                "{'type': 'fixed-length-signed-integer', 'length': 5, 'byte-order':"
                                        + " 'big-endian', 'bit-order': 'first-to-last', 'mappings':"
                                        + " {'a': [[-3, 2], [5, 5]], 'b': [[0, 9]]}}"),
                        member("v", "{'type': 'variable-length-unsigned-integer'}"),
                        member("w", "{'type': 'variable-length-signed-integer'}"),
                        member(
                                "b",
                                "{'type': 'fixed-length-boolean', 'length': 1, 'byte-order':"
                                        + " 'little-endian'}"),
                        member(
                                "m",
                                "{'type': 'fixed-length-bit-map', 'length': 7, 'byte-order':"
                                        + " 'little-endian', 'flags': {'x': [[0, 1], [5, 5]], 'y': [[2,"
                                        + " 2]]}}"),
                        member(
                                "f",
                                "{'type': 'fixed-length-floating-point-number', 'length': 128,"
                                        + " 'byte-order': 'little-endian'}"))
                + "}",
        "{'type': 'event-record-class', 'id': 1, 'name': 'two', 'payload-field-class': "
                + payload(
                        member("n", "'u8'"),
                        member(
                                "t",
                                "{'type': 'dynamic-length-string', 'encoding': 'utf-16le',"
                                        + " 'length-field-location': {'path': ['n']}}"),
                        member("z", "{'type': 'null-terminated-string', 'encoding': 'utf-32be'}"),
                        member("s", "{'type': 'static-length-string', 'length': 3}"),
                        member(
                                "d",
                                "{'type': 'dynamic-length-blob', 'media-type': 'image/png',"
                                        + " 'length-field-location': {'origin':"
                                        + " 'event-record-payload', 'path': ['n']}}"),
                        member(
                                "a",
                                "{'type': 'dynamic-length-array', 'minimum-alignment': 32,"
                                        + " 'element-field-class': {'type': 'static-length-array',"
                                        + " 'length': 2, 'element-field-class': 'u8'},"
                                        + " 'length-field-location': {'path': ['n']}}"),
                        member(
                                "o",
                                "{'type': 'optional', 'field-class': 'u8',"
                                        + " 'selector-field-location': {'path': ['n']},"
                                        + " 'selector-field-ranges': [[2, 9]]}"),
                        member(
                                "c",
                                "{'type': 'variant', 'selector-field-location': {'path': ['n']},"
                                        + " 'options': [{'name': 'x', 'field-class': 'u8',"
                                        + " 'selector-field-ranges': [[0, 2]]}, {'field-class':"
                                        + " {'type': 'structure'}, 'selector-field-ranges': [[3,"
                                        + " 255]]}]}"))
                + "}",
    };

    public static final int EVENTS = 2;

    private Ctf2Traces() {}

    public static String member(String name, String fieldClass) {
        return "{'name': '" + name + "', 'field-class': " + fieldClass + "}";
    }

    public static String integer(int bits, String role) {
        return ("{'type': 'fixed-length-unsigned-integer', 'length': %d, 'byte-order':"
                        + " 'little-endian', 'alignment': 8, 'roles': ['%s']}")
                .formatted(bits, role);
    }

    private static String payload(String... members) {
        return "{'type': 'structure', 'member-classes': [" + String.join(", ", members) + "]}";
    }

    /// An event class of the first stream class with these members.
    public static String event(String... members) {
        return "{'type': 'event-record-class', 'payload-field-class': " + payload(members) + "}";
    }

    /// The metadata file of these fragments.
    public static byte[] sequence(String... fragments) {
        var text = new StringBuilder();
        for (String fragment : fragments) {
            text.append('\u001E').append(fragment.replace('\'', '"')).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
