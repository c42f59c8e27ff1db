// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import dev.contrail.posix.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The mounted tracefs: its events and instances. Nothing here writes a top-level file, because
/// other tools use them.
public final class Tracefs {
    public static final String USUAL_MOUNT_POINT = "/sys/kernel/tracing";

    private final Path root;
    private final Map<String, EventFormat> formats = new ConcurrentHashMap<>();

    public Tracefs(Path root) {
        this.root = root;
    }

    /// Where tracefs is mounted; the usual place when there are several.
    public static Optional<Path> mountPoint() throws IOException {
        var found = new ArrayList<Path>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String[] words = line.split(" ");
            if (words.length > 2 && words[2].equals("tracefs")) {
                found.add(Path.of(words[1]));
            }
        }
        Path usual = Path.of(USUAL_MOUNT_POINT);
        return found.contains(usual) ? Optional.of(usual) : found.stream().findFirst();
    }

    /// Mounts it at the usual place, unless it is mounted. Needs root.
    public static void mount() throws IOException {
        if (mountPoint().isEmpty()) {
            SystemCalls.mount("tracefs", USUAL_MOUNT_POINT);
        }
    }

    /// Where it is mounted.
    public Path root() {
        return root;
    }

    /// The directory of instances: making one in it makes an instance.
    public Path instances() {
        return root.resolve("instances");
    }

    public boolean hasEvent(String system, String event) {
        return isName(system) && isName(event) && Files.exists(formatFile(system, event));
    }

    /// The layout of an event's records. Parsed when first asked for: all 2,300 take seconds.
    public EventFormat format(String system, String event) throws IOException {
        EventFormat known = formats.get(system + ":" + event);
        if (known == null) {
            Path file = formatFile(system, event);
            known = EventFormat.parse(system, Files.readString(file));
            formats.put(system + ":" + event, known);
        }
        return known;
    }

    /// All events of the kernel, as `SYSTEM:EVENT`.
    public List<String> events() throws IOException {
        return Files.readAllLines(root.resolve("available_events"));
    }

    /// All instances, whosever they are.
    public List<String> instanceNames() throws IOException {
        try (Stream<Path> entries = Files.list(instances())) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    /// Whether the clock can be `CLOCK_MONOTONIC`.
    public boolean hasMonotonicClock() throws IOException {
        return List.of(Files.readString(root.resolve("trace_clock")).strip().split("[\\[\\] ]+"))
                .contains("mono");
    }

    private Path formatFile(String system, String event) {
        return root.resolve("events").resolve(system).resolve(event).resolve("format");
    }

    /// Names come from users and go into paths.
    private static boolean isName(String untrustedName) {
        return untrustedName.matches("[A-Za-z0-9_-]{1,128}");
    }
}
