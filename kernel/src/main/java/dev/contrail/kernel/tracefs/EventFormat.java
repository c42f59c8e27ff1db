// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the fields of one kernel event lie in its record (`kernel-tracing.md` section 4).
///
/// @param id what a record starts with; changes from boot to boot
/// @param fields without the common ones
public record EventFormat(String system, String name, int id, List<Field> fields) {
    /// Bytes of the fields that every record starts with.
    public static final int COMMON_BYTES = 8;

    /// Offset of the thread id, one of the common fields.
    public static final int COMMON_PID = 4;

    private static final Pattern DECLARATION =
            Pattern.compile("(.*?)([A-Za-z_][A-Za-z0-9_]*)(?:\\[(.*)])?");
    private static final Pattern LINE =
            Pattern.compile(
                    "\\s*field:([^;]+);\\s*offset:(\\d{1,5});\\s*size:(\\d{1,5});"
                            + "\\s*signed:(\\d);\\s*");

    /// One field.
    ///
    /// @param type as the kernel writes it, such as `__data_loc char[]` or `const char *`
    /// @param dimension what stands in the brackets after the name, or null when there are none
    /// @param bytes the whole field; 0 for an array that fills the rest of the record
    public record Field(
            String name, String type, String dimension, int offset, int bytes, boolean isSigned) {

        public boolean isDynamic() {
            return isDataLocation() || isRelativeLocation();
        }

        boolean isDataLocation() {
            return type.startsWith("__data_loc");
        }

        public boolean isRelativeLocation() {
            return type.startsWith("__rel_loc");
        }

        public boolean isArray() {
            return dimension != null;
        }

        public boolean isPointer() {
            return type.endsWith("*");
        }

        /// The C type of an element, without qualifiers.
        String elementType() {
            return type.replaceFirst("^(__data_loc|__rel_loc) ", "")
                    .replace("const ", "")
                    .replaceFirst("\\[.*]$", "")
                    .strip();
        }

        public boolean isText() {
            return elementType().equals("char") && (isDynamic() || isArray());
        }

        /// Bytes of one element, from the C type where that is known, else 1.
        public int elementBytes() {
            return switch (elementType()) {
                case "short", "unsigned short", "u16", "__u16", "s16", "__s16", "uint16_t" -> 2;
                case "int",
                        "unsigned int",
                        "unsigned",
                        "u32",
                        "__u32",
                        "s32",
                        "__s32",
                        "uint32_t",
                        "int32_t",
                        "pid_t",
                        "dev_t" ->
                        4;
                case "long",
                        "unsigned long",
                        "long long",
                        "unsigned long long",
                        "u64",
                        "__u64",
                        "s64",
                        "__s64",
                        "uint64_t",
                        "int64_t",
                        "size_t",
                        "dma_addr_t" ->
                        8;
                default -> 1;
            };
        }
    }

    public EventFormat {
        fields = List.copyOf(fields);
    }

    /// Parses an event's `format` file.
    ///
    /// @throws IOException where it is none
    public static EventFormat parse(String system, String text) throws IOException {
        String name = "";
        int id = -1;
        var fields = new ArrayList<Field>();
        for (String line : text.split("\n")) {
            if (line.startsWith("name:")) {
                name = line.substring(5).strip();
            } else if (line.startsWith("ID:")) {
                id = Integer.parseInt(line.substring(3).strip());
            } else if (line.startsWith("print fmt:")) {
                break;
            } else if (line.contains("field:")) {
                parseField(system, name, line).ifPresent(fields::add);
            }
        }
        if (name.isEmpty() || id < 0 || id > 0xFFFF) {
            throw new IOException(
                    system + ": format file has name " + name + ", id " + id + ", want 0..65535");
        }
        return new EventFormat(system, name, id, fields);
    }

    /// The field of that name, where the event has one.
    public Optional<Field> field(String fieldName) {
        return fields.stream().filter(field -> field.name.equals(fieldName)).findFirst();
    }

    private static Optional<Field> parseField(String system, String event, String line)
            throws IOException {
        Matcher parts = LINE.matcher(line);
        Matcher declaration = DECLARATION.matcher(parts.matches() ? parts.group(1) : "");
        if (!declaration.matches()) {
            throw new IOException(system + ":" + event + ": not a field: " + line.strip());
        }
        if (declaration.group(2).startsWith("common_")) {
            return Optional.empty();
        }
        return Optional.of(
                new Field(
                        declaration.group(2),
                        declaration.group(1).strip(),
                        declaration.group(3),
                        Integer.parseInt(parts.group(2)),
                        Integer.parseInt(parts.group(3)),
                        parts.group(4).equals("1")));
    }
}
