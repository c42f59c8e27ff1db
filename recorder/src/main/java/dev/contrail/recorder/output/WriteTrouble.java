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
public final class WriteTrouble {
    /// What waits is tried again ten times a second: after so long nothing is tried any more.
    private static final long PRESENT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    /// @param at the wall time of the last failure, or of the success after it
    private record Trouble(String reason, long nanos, Instant at, boolean isOver) {}

    private final String doing;
    private final String done;
    private volatile Optional<Trouble> latest = Optional.empty();

    private WriteTrouble(String doing, String done) {
        this.doing = doing;
        this.done = done;
    }

    static WriteTrouble below(Path directory) {
        return new WriteTrouble("write below " + directory, "written below " + directory);
    }

    /// With a relay.
    public static WriteTrouble with(String relay) {
        return new WriteTrouble("send to " + relay, "sent to " + relay);
    }

    /// Something could not be written.
    public void failed(IOException why) {
        latest = Optional.of(new Trouble(Reason.of(why), System.nanoTime(), Instant.now(), false));
    }

    /// Something new could be written.
    public void succeeded() {
        Optional<Trouble> last = latest;
        if (last.isPresent() && !last.get().isOver) {
            latest =
                    Optional.of(
                            new Trouble(last.get().reason, System.nanoTime(), Instant.now(), true));
        }
    }

    /// A line for the user; empty when there has never been any.
    public String text() {
        return latest.map(this::text).orElse("");
    }

    /// What to do about it, which follows, is done.
    private static String withoutAdvice(String reason) {
        return reason.split("[.;] ", 2)[0];
    }

    private String text(Trouble trouble) {
        String time = TIME.format(LocalTimeZone.at(trouble.at));
        if (trouble.isOver) {
            return "Nothing could be %s until %s: %s"
                    .formatted(done, time, withoutAdvice(trouble.reason));
        }
        return System.nanoTime() - trouble.nanos < PRESENT_NANOS
                ? "Cannot %s: %s".formatted(doing, trouble.reason)
                : "Could not %s, for the last time at %s: %s"
                        .formatted(doing, time, trouble.reason);
    }
}
