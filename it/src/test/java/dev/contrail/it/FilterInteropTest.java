// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.select.EventFilter;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.tracer.event.FilterCompiler;
import dev.contrail.tracer.event.TargetFilter;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The same expressions over the same events as LTTng-UST's own, in a C program.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FilterInteropTest {
    private static final int EXPRESSIONS = 60;
    private static final int EVENTS = 40;

    private static final List<EventField> FIELDS =
            List.of(
                    new EventField("l", FieldType.S64),
                    new EventField("i", FieldType.S32),
                    new EventField("c", FieldType.U16),
                    new EventField("d", FieldType.F64),
                    new EventField("f", FieldType.F32),
                    new EventField("s", FieldType.STRING),
                    new EventField("t", FieldType.STRING));

    private static final String HEADER =
            """
            #undef LTTNG_UST_TRACEPOINT_PROVIDER
            #define LTTNG_UST_TRACEPOINT_PROVIDER filtered
            #undef LTTNG_UST_TRACEPOINT_INCLUDE
            #define LTTNG_UST_TRACEPOINT_INCLUDE "./filtered.h"
            #if !defined(FILTERED_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
            #define FILTERED_H
            #include <lttng/tracepoint.h>
            #include <stdint.h>
            LTTNG_UST_TRACEPOINT_EVENT(filtered, event,
              LTTNG_UST_TP_ARGS(int, n, int64_t, l, int32_t, i, uint16_t, c, double, d, float, f,
                const char *, s, const char *, t),
              LTTNG_UST_TP_FIELDS(
                lttng_ust_field_integer(int, n, n)
                lttng_ust_field_integer(int64_t, l, l)
                lttng_ust_field_integer(int32_t, i, i)
                lttng_ust_field_integer(uint16_t, c, c)
                lttng_ust_field_float(double, d, d)
                lttng_ust_field_float(float, f, f)
                lttng_ust_field_string(s, s)
                lttng_ust_field_string(t, t)))
            #endif
            #include <lttng/tracepoint-event.h>
            """;

    /// A session daemon of its own records, in mount and network namespaces.
    private static final String SCRIPT =
            """
            unset LTTNG_RUNDIR
            export HOME="$LTTNG_HOME" LTTNG_UST_REGISTER_TIMEOUT=-1
            ip link set lo up && mkdir -p /var/run/lttng && mount -t tmpfs none /var/run/lttng || exit 3
            lttng-sessiond --daemonize --no-kernel >/dev/null 2>&1 || exit 3
            trap 'lttng -q destroy -a; kill "$(cat /var/run/lttng/lttng-sessiond.pid)"' EXIT
            lttng -q create s -o trace && lttng -q enable-channel -u all || exit 4
            lttng -q enable-event -u filtered:event -c all || exit 4
            n=0
            while IFS= read -r filter; do
              lttng -q enable-channel -u "c$n" --subbuf-size 16384 --num-subbuf 2 || exit 5
              lttng -q enable-event -u filtered:event -c "c$n" -f "$filter" || { echo "$filter"; exit 6; }
              n=$((n + 1))
            done <filters
            lttng -q start && ./filtered && lttng -q stop || exit 7
            """;

    @Test
    void acceptsWhatLttngUstRecords() throws Exception {
        Needs.root();
        for (String tool : List.of("lttng-sessiond", "lttng", "unshare", "cc", "babeltrace2")) {
            Needs.tool(tool);
        }
        Needs.header("lttng/tracepoint.h", "liblttng-ust-dev");
        long seed = System.nanoTime();
        RandomFilter random = new RandomFilter(seed);
        List<String> expressions = random.expressions(EXPRESSIONS);
        List<Object[]> events = Stream.generate(random::event).limit(EVENTS).toList();
        try (Machine machine = Machine.open()) {
            Path directory = machine.root();
            record(machine, expressions, events);
            int all = 0;
            List<List<Integer>> readers = read(part(directory, "all"), expressions);
            for (int i = 0; i < EXPRESSIONS; i++) {
                List<Integer> recorded = new ArrayList<>();
                Path part = part(directory, "c" + i);
                for (String line : machine.run(List.of("babeltrace2", part.toString())).lines()) {
                    recorded.add(number(line));
                }
                String about = "seed %d: %s".formatted(seed, expressions.get(i));
                assertThat(accepted(expressions.get(i), events)).as(about).isEqualTo(recorded);
                assertThat(readers.get(i)).as(about).isEqualTo(recorded);
                all += recorded.size();
            }
            int most = EVENTS * EXPRESSIONS;
            assertThat(all).isBetween(most / 10, most * 9 / 10);
        }
    }

    private static void record(Machine machine, List<String> expressions, List<Object[]> events)
            throws IOException, InterruptedException {
        Path directory = machine.root();
        Files.writeString(directory.resolve("filtered.h"), HEADER);
        Files.writeString(directory.resolve("filtered.c"), program(events));
        Files.writeString(directory.resolve("script"), SCRIPT);
        Files.writeString(directory.resolve("filters"), String.join("\n", expressions) + "\n");
        String commands =
                "cd %s && cc -I. -o filtered filtered.c -llttng-ust -ldl && unshare -m -n sh script"
                        .formatted(directory);
        Machine.Result done = machine.run(List.of("sh", "-c", commands));
        assertThat(done.status()).as(done.out() + done.err()).isZero();
    }

    private static String program(List<Object[]> events) {
        StringBuilder text = new StringBuilder("#include <stdint.h>\n");
        text.append("#define LTTNG_UST_TRACEPOINT_CREATE_PROBES\n");
        text.append("#define LTTNG_UST_TRACEPOINT_DEFINE\n#include \"filtered.h\"\n");
        text.append("int main(void) {\n");
        for (int i = 0; i < events.size(); i++) {
            Object[] event = events.get(i);
            text.append("lttng_ust_tracepoint(filtered, event, ").append(i);
            for (Object value : event) {
                text.append(", ").append(literal(value));
            }
            text.append(");\n");
        }
        return text.append("return 0; }\n").toString();
    }

    private static String literal(Object value) {
        if (value instanceof String string) {
            StringBuilder text = new StringBuilder("\"");
            for (byte b : string.getBytes(StandardCharsets.UTF_8)) {
                text.append("\\%03o".formatted(b & 0xff));
            }
            return text.append('"').toString();
        }
        if (value instanceof Double number) {
            return Double.isNaN(number) ? "0.0 / 0.0" : Double.toHexString(number);
        }
        if (value instanceof Float number) {
            return Float.toHexString(number);
        }
        if (value instanceof Character character) {
            return Integer.toString(character);
        }
        return "(int64_t) 0x%xULL".formatted(((Number) value).longValue());
    }

    /// The streams of one channel as a trace.
    private static Path part(Path directory, String channel) throws IOException {
        Path part = Files.createDirectories(directory.resolve("parts").resolve(channel));
        Path trace;
        try (Stream<Path> all = Files.walk(directory.resolve("trace"))) {
            trace = all.filter(each -> each.endsWith("metadata")).findFirst().orElseThrow();
        }
        try (Stream<Path> files = Files.list(trace.getParent())) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                String name = each.getFileName().toString();
                if (name.equals("metadata") || name.matches(channel + "_\\d+")) {
                    Files.copy(each, part.resolve(name));
                }
            }
        }
        return part;
    }

    private static int number(String line) {
        var matcher = Pattern.compile("\\{ n = (\\d+),").matcher(line);
        assertThat(matcher.find()).as(line).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /// What the reader accepts of a trace.
    private static List<List<Integer>> read(Path trace, List<String> expressions) throws Exception {
        List<EventFilter> filters = new ArrayList<>();
        List<List<Integer>> accepted = new ArrayList<>();
        for (String each : expressions) {
            filters.add(EventFilter.parse(each));
            accepted.add(new ArrayList<>());
        }
        try (TraceReader reader = TraceReader.open(List.of(trace))) {
            while (reader.nextEvent()) {
                long number = (Long) reader.event().field("n").orElseThrow();
                for (int i = 0; i < filters.size(); i++) {
                    if (filters.get(i).accepts(reader.event())) {
                        accepted.get(i).add((int) number);
                    }
                }
            }
        }
        return accepted;
    }

    /// What the tracer would record.
    private static List<Integer> accepted(String expression, List<Object[]> events)
            throws Exception {
        TargetFilter filter = FilterCompiler.compile(List.of(expression), FIELDS);
        Method accepts = RandomFilter.accepts(filter);
        List<Integer> accepted = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            if ((boolean) accepts.invoke(filter, events.get(i))) {
                accepted.add(i);
            }
        }
        return accepted;
    }
}
