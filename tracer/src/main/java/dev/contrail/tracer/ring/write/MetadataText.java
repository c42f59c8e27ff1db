// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.Layout;
import java.util.List;

/// An event class as a CTF 2 event record class fragment, and what a pool's records have in common
/// as a data stream class fragment, with the pool in an attribute. What `MetadataReader` reads.
final class MetadataText {
    private MetadataText() {}

    static String write(PoolPlace pool, EventDescription event) {
        StringBuilder out = new StringBuilder(256);
        out.append("{\"type\":\"event-record-class\",\"id\":").append(event.id());
        out.append(",\"name\":");
        quote(out, event.name());
        out.append(",\"attributes\":{\"").append(Layout.METADATA_NAMESPACE).append("\":{\"pool\":");
        out.append(pool.index()).append(",\"generation\":").append(pool.generation());
        out.append(",\"log-level\":").append(event.logLevel());
        out.append("}},\"payload-field-class\":");
        structure(out, event.fields());
        return out.append('}').toString();
    }

    static String write(PoolPlace pool, EventContext context) {
        StringBuilder out = new StringBuilder(256);
        out.append("{\"type\":\"data-stream-class\",\"id\":").append(pool.channelId());
        out.append(",\"attributes\":{\"").append(Layout.METADATA_NAMESPACE).append("\":{\"pool\":");
        out.append(pool.index()).append(",\"generation\":").append(pool.generation());
        out.append("}},\"event-record-common-context-field-class\":");
        structure(out, context.fields());
        return out.append('}').toString();
    }

    private static void structure(StringBuilder out, List<EventField> fields) {
        out.append("{\"type\":\"structure\",\"member-classes\":[");
        String separator = "";
        for (EventField field : fields) {
            out.append(separator).append("{\"name\":");
            quote(out, field.name());
            out.append(",\"field-class\":");
            fieldClass(out, field.type());
            out.append('}');
            separator = ",";
        }
        out.append("]}");
    }

    private static void fieldClass(StringBuilder out, FieldType type) {
        out.append("{\"type\":\"");
        switch (type) {
            case STRING:
                out.append("null-terminated-string\"}");
                return;
            case F32:
            case F64:
                out.append("fixed-length-floating-point-number");
                break;
            case U8:
            case U16:
            case U32:
            case U64:
                out.append("fixed-length-unsigned-integer");
                break;
            default:
                out.append("fixed-length-signed-integer");
        }
        out.append("\",\"length\":").append(8 * type.sizeBytes());
        out.append(",\"byte-order\":\"little-endian\",\"alignment\":8,\"attributes\":{\"");
        out.append(Layout.METADATA_NAMESPACE)
                .append("\":\"")
                .append(type.metadataName())
                .append("\"}}");
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
