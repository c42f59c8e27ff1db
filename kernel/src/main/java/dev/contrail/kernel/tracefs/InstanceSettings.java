// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an instance is set to, apart from its events; and whether it still is: whoever has the
/// right may write its files, and `trace-cmd reset -a` does.
///
/// Owned by the domain's thread.
final class InstanceSettings {
    /// Files whose content says how the instance records, and what somebody else has done when one
    /// is not as it was left. Other clocks are [Instance]'s part: writing the clock clears the
    /// ring.
    private static final Map<String, String> WATCHED = watched();

    private static final String OPTIONS = "trace_options";
    private static final String FOLLOWED = "set_event_pid";
    private static final String IGNORED = "set_event_notrace_pid";

    /// More than any of them has; lists of processes are cut.
    private static final int MOST_BYTES = 8 << 10;

    private final Path directory;
    private final Map<String, String> known = new LinkedHashMap<>();

    InstanceSettings(Path directory) {
        this.directory = directory;
    }

    private static Map<String, String> watched() {
        var watched = new LinkedHashMap<String, String>();
        watched.put("tracing_on", "switched off or on");
        watched.put("buffer_size_kb", "given rings of another size, which may have cleared them");
        watched.put(
                "buffer_subbuf_size_kb", "given sub-buffers of another size, which cleared them");
        watched.put("buffer_percent", "told to wake its readers at another fill");
        watched.put(OPTIONS, "given other options");
        watched.put("current_tracer", "given a tracer of the kernel's");
        watched.put("tracing_cpumask", "restricted to other CPUs");
        watched.put(FOLLOWED, "restricted to some processes");
        watched.put(IGNORED, "told to leave out some processes");
        return watched;
    }

    /// Takes the present settings for what they should be.
    void learn() throws IOException {
        known.clear();
        for (String file : WATCHED.keySet()) {
            if (Files.exists(directory.resolve(file))) {
                learn(file);
            }
        }
    }

    /// The same for one of them, which was just written. Lists of processes that are not empty are
    /// no more looked at: the kernel adds to them what these start.
    void learn(String file) throws IOException {
        String present = read(file);
        boolean isList = file.equals(FOLLOWED) || file.equals(IGNORED);
        if (isList && !present.isEmpty()) {
            known.remove(file);
        } else {
            known.put(file, present);
        }
    }

    /// Restores what somebody else has changed.
    ///
    /// @return what was done to the instance, a phrase for each
    List<String> restore() throws IOException {
        var found = new ArrayList<String>();
        for (var setting : known.entrySet()) {
            String file = setting.getKey();
            String present = read(file);
            if (!present.equals(setting.getValue())) {
                restore(file, setting.getValue(), present);
                String was = file.equals(OPTIONS) ? "" : " was '" + shortened(present) + "'";
                found.add(WATCHED.get(file) + " (" + file + was + ")");
            }
        }
        return found;
    }

    private void restore(String file, String wanted, String present) throws IOException {
        switch (file) {
            case OPTIONS -> {
                List<String> set = present.lines().toList();
                for (String option : wanted.lines().toList()) {
                    if (!set.contains(option)) {
                        write(file, option);
                    }
                }
            }
            case FOLLOWED, IGNORED ->
                    Files.writeString( // emptied: the kernel takes that from truncating it
                            directory.resolve(file),
                            "\n",
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING);
            default -> write(file, wanted);
        }
    }

    private static String shortened(String text) {
        String line = text.replace('\n', ' ');
        return line.length() > 40 ? line.substring(0, 40) + "…" : line;
    }

    /// With a buffer that has room: the kernel does not give each of them piece by piece.
    String read(String file) throws IOException {
        try (var in = Files.newInputStream(directory.resolve(file))) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
        }
    }

    /// Without truncating: that has a meaning of its own for some files.
    private void write(String file, String value) throws IOException {
        Files.writeString(directory.resolve(file), value, StandardOpenOption.WRITE);
    }
}
