// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.filter.ContextSource;
import dev.contrail.tracer.process.OtherThread;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.ProgramName;
import dev.contrail.tracer.ring.write.EventContext;
import dev.contrail.tracer.ring.write.ThreadFacts;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The contexts that this tracer has, by the names that `add-context` knows them by (LTTng 2.13,
/// and `java_thread_id`, `thread_name` and `virtual_thread`, which are ours).
///
/// Not among them are what a JVM does not know (`ip`) and the counters of `perf` that have a
/// descriptor for each thread, as those of the processor.
public final class Contexts {
    /// How those of applications begin: `$app.PROVIDER:NAME`.
    private static final String APP = "$app.";

    private static final String APP_FIELD = "app_";

    /// The number of a stack, which whoever makes the context has to know; `callstack_java` as a
    /// field.
    private static final String STACK = "callstack-java";

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

    /// Where `/proc/self/status` has an id.
    private record IdPlace(String line, int column) {}

    private static final Map<String, IdPlace> IDS =
            Map.of(
                    "vuid", new IdPlace("Uid:", 1),
                    "veuid", new IdPlace("Uid:", 2),
                    "vsuid", new IdPlace("Uid:", 3),
                    "vgid", new IdPlace("Gid:", 1),
                    "vegid", new IdPlace("Gid:", 2),
                    "vsgid", new IdPlace("Gid:", 3));

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
        types.put(STACK, FieldType.U32);
        SystemCounters.names().forEach(each -> types.put(each, FieldType.U64));
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
            return new EventField(SystemCounters.field(name), type);
        }
        return appField(name).orElseThrow(() -> new IllegalArgumentException("no context " + name));
    }

    private static Optional<EventField> appField(String name) {
        int colon = name.indexOf(':');
        boolean isOne = name.startsWith(APP) && colon > APP.length() && colon + 1 < name.length();
        if (!isOne) {
            return Optional.empty();
        }
        String provider = name.substring(APP.length(), colon);
        String own = name.substring(colon + 1);
        String field =
                AppContexts.fieldName(
                        provider, provider.equals(AppContexts.MDC) ? AppContexts.plain(own) : own);
        return Optional.of(new EventField(field, FieldType.STRING));
    }

    /// What adds these contexts to the records of this process.
    ///
    /// @param stack where the number of a record's stack comes from
    /// @throws IllegalArgumentException as [#fields] does
    public static EventContext of(List<String> names, ContextSource stack) {
        List<EventField> fields = fields(names);
        List<ContextSource> sources = new ArrayList<>();
        for (EventField field : fields) {
            ContextSource known = source(field.name());
            sources.add(known == null ? stack : known);
        }
        return fields.isEmpty() ? EventContext.NONE : new RecordContext(fields, sources);
    }

    /// Where the value comes from that a context has in this process, recorded or not.
    ///
    /// @param name of its field
    /// @return null when there is none
    public static @Nullable ContextSource source(String name) {
        if (NAMESPACES.contains(name)) {
            String link = name.substring(0, name.length() - "_ns".length());
            return Sources.fixed(ProcFacts.namespace(link));
        }
        IdPlace id = IDS.get(name);
        if (id != null) {
            return Sources.fixed(ProcFacts.ownId(id.line, id.column));
        }
        switch (name) {
            case "vpid":
                return Sources.fixed(ProcFacts.processId());
            case "procname":
                return Sources.fixed(ProgramName.ofPackets());
            case VTID:
                return Sources.number(WriterPool::currentThreadId, OtherThread::vtid);
            case "thread_name":
                return Sources.text(() -> Thread.currentThread().getName(), OtherThread::name);
            case "java_thread_id":
                return Sources.number(
                        () -> ThreadFacts.javaId(Thread.currentThread()), OtherThread::javaId);
            case "virtual_thread":
                return Sources.number(
                        () -> ThreadFacts.isVirtual(Thread.currentThread()) ? 1 : 0,
                        other -> other.isVirtual() ? 1 : 0);
            default:
                return name.startsWith(APP_FIELD)
                        ? AppContexts.source(name)
                        : SystemCounters.source(name);
        }
    }

    /// Why some that were wanted are 0 in this process; empty when they are not. Any thread.
    public static String problem() {
        return SystemCounters.problem();
    }
}
