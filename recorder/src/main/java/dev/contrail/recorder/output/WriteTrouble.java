// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What keeps an output from being written, or has kept it: told in the present tense only while it
/// does. One thread tells of its writes, any thread asks.
final class WriteTrouble {
    /// What waits is tried again ten times a second: after so long nothing is tried any more.
    private static final long PRESENT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    /// @param at the wall time of the last failure, or of the success after it
    private record Trouble(String reason, long nanos, Instant at, boolean isOver) {}

    private final Path directory;
    private volatile Optional<Trouble> latest = Optional.empty();

    WriteTrouble(Path directory) {
        this.directory = directory;
    }

    /// Something could not be written.
    void failed(IOException why) {
        latest = Optional.of(new Trouble(Reason.of(why), System.nanoTime(), Instant.now(), false));
    }

    /// Something new could be written.
    void succeeded() {
        Optional<Trouble> last = latest;
        if (last.isPresent() && !last.get().isOver) {
            latest =
                    Optional.of(
                            new Trouble(last.get().reason, System.nanoTime(), Instant.now(), true));
        }
    }

    /// A line for the user; empty when there has never been any.
    String text() {
        return latest.map(this::text).orElse("");
    }

    private String text(Trouble trouble) {
        String time = TIME.format(LocalTimeZone.at(trouble.at));
        if (trouble.isOver) {
            return "Nothing could be written below %s until %s: %s"
                    .formatted(directory, time, trouble.reason);
        }
        return System.nanoTime() - trouble.nanos < PRESENT_NANOS
                ? "Cannot write below %s: %s".formatted(directory, trouble.reason)
                : "Could not write below %s, for the last time at %s: %s"
                        .formatted(directory, time, trouble.reason);
    }
}
