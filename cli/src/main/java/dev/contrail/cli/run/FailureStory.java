// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.ctf.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a trace of the demonstration's shop tells of the first order that failed: the moments of
/// its thread, and of the one that kept it waiting.
///
/// @param order its number
/// @param reason for which it failed
/// @param process the shop's name
/// @param thread that the order was on, and how it is called where the kernel was recorded
/// @param culprit the thread that occupied the terminal, if the trace reaches back so far
/// @param moments in the order of time, the failure last
record FailureStory(
        long order,
        String reason,
        String process,
        Worker thread,
        Optional<Worker> culprit,
        List<Moment> moments) {

    /// A thread.
    ///
    /// @param name empty where the kernel was not recorded
    record Worker(long id, String name) {
        String shown() {
            return name.isEmpty() ? Long.toString(id) : name;
        }
    }

    /// An event of one of the two threads.
    ///
    /// @param beforeNanos so long before the failure
    /// @param isCause whether it is what kept the order waiting
    record Moment(
            long beforeNanos,
            boolean isCulprits,
            boolean isKernel,
            boolean isCause,
            String event,
            String what) {}

    private static final String FAILED = "shop:failed";
    private static final String CAUSE = "counting the till";

    /// The event that begins, or ends, a story.
    private record Landmark(long nanos, long thread) {}

    private record Landmarks(
            Landmark failed,
            long order,
            String reason,
            String process,
            Optional<Landmark> ordered,
            Optional<Landmark> cause) {}

    /// Reads a trace; empty when no order has failed in it.
    static Optional<FailureStory> read(Path trace) throws IOException {
        Optional<Landmarks> landmarks;
        try (TraceReader reader = TraceReader.open(List.of(trace))) {
            landmarks = landmarks(reader);
        }
        if (landmarks.isEmpty()) {
            return Optional.empty();
        }
        try (TraceReader reader = TraceReader.open(List.of(trace))) {
            return Optional.of(new Telling(landmarks.get()).of(reader));
        }
    }

    private static Optional<Landmarks> landmarks(TraceReader reader) throws IOException {
        Map<Long, Landmark> ordered = new HashMap<>();
        Optional<Landmark> cause = Optional.empty();
        while (reader.nextEvent()) {
            EventRecord event = reader.event();
            switch (event.name()) {
                case "shop:ordered" -> ordered.put(number(event, "orderId"), landmark(event));
                case "lttng_jul:event" -> {
                    if (text(event, "msg").equals(CAUSE)) {
                        cause = Optional.of(landmark(event));
                    }
                }
                case FAILED -> {
                    long order = number(event, "orderId");
                    return Optional.of(
                            new Landmarks(
                                    landmark(event),
                                    order,
                                    text(event, "reason"),
                                    context(event, "procname").map(Object::toString).orElse(""),
                                    Optional.ofNullable(ordered.get(order)),
                                    cause));
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    private static Landmark landmark(EventRecord event) {
        long thread = context(event, "vtid").map(Long.class::cast).orElse(0L);
        return new Landmark(event.nanos(), thread);
    }

    /// Collects the moments, with the thread that each CPU is on by the last switch.
    private static final class Telling {
        private final Landmarks marks;
        private final long failing;
        private final long culprit;
        private final long begin;
        private final Map<Long, Long> threads = new HashMap<>();
        private final Map<Long, String> names = new HashMap<>();
        private final List<Moment> moments = new ArrayList<>();

        Telling(Landmarks marks) {
            this.marks = marks;
            failing = marks.failed.thread;
            culprit = marks.cause.map(Landmark::thread).orElse(failing);
            begin =
                    Math.min(
                            marks.ordered.orElse(marks.failed).nanos,
                            marks.cause.orElse(marks.failed).nanos);
        }

        FailureStory of(TraceReader reader) throws IOException {
            while (reader.nextEvent() && reader.event().nanos() <= marks.failed.nanos) {
                EventRecord event = reader.event();
                Optional<Object> vtid = context(event, "vtid");
                if (vtid.isPresent()) {
                    add(event, (long) vtid.get(), false, application(event));
                } else {
                    kernel(event);
                }
            }
            return new FailureStory(
                    marks.order,
                    marks.reason,
                    marks.process,
                    worker(failing),
                    marks.cause.map(cause -> worker(cause.thread)),
                    List.copyOf(moments));
        }

        private Worker worker(long id) {
            return new Worker(id, names.getOrDefault(id, ""));
        }

        private void kernel(EventRecord event) {
            Optional<Object> cpu = context(event, "cpu_id");
            if (cpu.isEmpty()) {
                return;
            }
            long onCpu = (long) cpu.get();
            if (event.name().equals("sched_switch")) {
                long from = number(event, "prev_tid");
                long to = number(event, "next_tid");
                names.put(from, text(event, "prev_comm"));
                names.put(to, text(event, "next_comm"));
                threads.put(onCpu, to);
                add(event, from, true, "leaves CPU %d to %s".formatted(onCpu, names.get(to)));
                add(event, to, true, "on CPU %d again".formatted(onCpu));
            } else if (!event.name().startsWith("lttng_statedump_")) {
                add(event, threads.getOrDefault(onCpu, -1L), true, fields(event));
            }
        }

        private void add(EventRecord event, long thread, boolean isKernel, String what) {
            boolean isShown = thread == failing || thread == culprit;
            if (!isShown || event.nanos() < begin) {
                return;
            }
            boolean isCause =
                    marks.cause
                            .filter(cause ->
                                    !isKernel
                                            && cause.thread == thread
                                            && cause.nanos == event.nanos())
                            .isPresent();
            moments.add(
                    new Moment(
                            marks.failed.nanos - event.nanos(),
                            thread != failing,
                            isKernel,
                            isCause,
                            event.name(),
                            what));
        }
    }

    /// A log message is worth more than the fields around it.
    private static String application(EventRecord event) {
        return event.name().equals("lttng_jul:event") ? text(event, "msg") : fields(event);
    }

    private static String fields(EventRecord event) {
        return event.fields(Scope.PAYLOAD).entrySet().stream()
                .map(field -> field.getKey() + " = " + field.getValue())
                .collect(Collectors.joining(", "));
    }

    private static long number(EventRecord event, String field) {
        return event.field(field).map(Long.class::cast).orElse(-1L);
    }

    private static String text(EventRecord event, String field) {
        return event.field(field).map(Object::toString).orElse("");
    }

    private static Optional<Object> context(EventRecord event, String field) {
        for (Scope scope : List.of(Scope.COMMON_CONTEXT, Scope.PACKET_CONTEXT)) {
            Object value = event.fields(scope).get(field);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}
