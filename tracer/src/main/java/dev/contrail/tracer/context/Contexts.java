// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.write.EventContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The contexts that this tracer has, by the names that `add-context` knows them by (LTTng 2.13,
/// and `java_thread_id`, `thread_name` and `virtual_thread`, which are ours).
///
/// Not among them are what a JVM does not know (`pthread_id`, `ip`) and the counters of `perf`.
public final class Contexts {
    /// How those of applications begin: `$app.PROVIDER:NAME`.
    private static final String APP = "$app.";

    /// In every record, whoever asks for it.
    private static final String VTID = "vtid";

    private static final Set<String> NAMESPACES =
            Set.of(
                    "cgroup_ns",
                    "ipc_ns",
                    "mnt_ns",
                    "net_ns",
                    "pid_ns",
                    "time_ns",
                    "user_ns",
                    "uts_ns");
    private static final Map<String, String> IDS =
            Map.of(
                    "vuid", "Uid: 1", "veuid", "Uid: 2", "vsuid", "Uid: 3", "vgid", "Gid: 1",
                    "vegid", "Gid: 2", "vsgid", "Gid: 3");

    /// After those that it is made of.
    private static final Map<String, FieldType> TYPES = types();

    private Contexts() {}

    private static Map<String, FieldType> types() {
        Map<String, FieldType> types = new LinkedHashMap<>();
        types.put("vpid", FieldType.S32);
        types.put(VTID, FieldType.S32);
        types.put("procname", FieldType.STRING);
        types.put("java_thread_id", FieldType.S64);
        types.put("thread_name", FieldType.STRING);
        types.put("virtual_thread", FieldType.U8);
        NAMESPACES.forEach(each -> types.put(each, FieldType.U64));
        IDS.keySet().forEach(each -> types.put(each, FieldType.U32));
        return types;
    }

    /// The fields of these contexts, in their order: without those that every record has anyway.
    ///
    /// @throws IllegalArgumentException when there is none of a name, or they are too large
    public static List<EventField> fields(List<String> names) {
        List<EventField> fields = new ArrayList<>();
        for (String name : names) {
            if (!name.equals(VTID)) {
                fields.add(field(name));
            }
        }
        EventContext.mostBytes(fields);
        return fields;
    }

    private static EventField field(String name) {
        FieldType type = TYPES.get(name);
        if (type != null) {
            return new EventField(name, type);
        }
        return appField(name).orElseThrow(() -> new IllegalArgumentException("no context " + name));
    }

    /// As LTTng names the field: `app_PROVIDER_NAME`.
    private static Optional<EventField> appField(String name) {
        int colon = name.indexOf(':');
        boolean isOne = name.startsWith(APP) && colon > APP.length() && colon + 1 < name.length();
        return isOne
                ? Optional.of(
                        new EventField(
                                "app_" + name.substring(APP.length()).replace(':', '_'),
                                FieldType.STRING))
                : Optional.empty();
    }

    /// What adds these contexts to the records of this process.
    ///
    /// @throws IllegalArgumentException as [#fields] does
    public static EventContext of(List<String> names) {
        List<EventField> fields = fields(names);
        List<ContextValue> values = new ArrayList<>();
        for (String name : names) {
            if (!name.equals(VTID)) {
                values.add(value(name));
            }
        }
        return values.isEmpty() ? EventContext.NONE : new RecordContext(fields, values);
    }

    private static ContextValue value(String name) {
        if (NAMESPACES.contains(name)) {
            String link = name.substring(0, name.length() - "_ns".length());
            return ContextValue.number(8, ProcFacts.namespace(link));
        }
        String id = IDS.get(name);
        if (id != null) {
            return ContextValue.number(4, ProcFacts.ownId(id.substring(0, 4), id.charAt(5) - '0'));
        }
        return switch (name) {
            case "vpid" -> ContextValue.number(4, ProcFacts.processId());
            case "procname" -> ContextValue.PROCNAME;
            case "thread_name" -> ContextValue.THREAD_NAME;
            case "java_thread_id" -> ContextValue.JAVA_THREAD_ID;
            case "virtual_thread" -> ContextValue.VIRTUAL_THREAD;
            default -> AppContexts.value(name.substring(APP.length()));
        };
    }
}
