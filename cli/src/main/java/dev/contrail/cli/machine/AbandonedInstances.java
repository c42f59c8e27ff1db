// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.machine;

import dev.contrail.cli.console.Places;
import dev.contrail.kernel.KernelProbe;
import dev.contrail.recorder.LeftSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Whose the tracefs instances are that nobody reads, as far as this run directory tells.
final class AbandonedInstances {
    /// One of them, and what to do.
    record Found(String text, String fix) {}

    private AbandonedInstances() {}

    static List<Found> of(Places places, KernelProbe probe) {
        Path instances = probe.mountPoint().orElseThrow().resolve("instances");
        Optional<UUID> own = identity(places);
        Map<Long, LeftSession> sessions =
                LeftSession.in(places.runDirectory()).stream()
                        .collect(Collectors.toMap(LeftSession::id, Function.identity()));
        return probe.abandoned().stream()
                .map(each -> found(each, instances, own, sessions))
                .toList();
    }

    private static Found found(
            KernelProbe.Abandoned each,
            Path instances,
            Optional<UUID> own,
            Map<Long, LeftSession> sessions) {
        String text = "Kernel: nobody reads the instance " + each.name();
        String remove = "rmdir " + instances.resolve(each.name());
        if (each.daemon().isEmpty()) {
            return new Found(text + ": its command has ended", remove);
        }
        if (!each.daemon().equals(own)) {
            return new Found(
                    text + ": it is a session daemon's of another LTTNG_RUNDIR, which does not run",
                    remove + "; or start that daemon again, which takes it up");
        }
        LeftSession session = sessions.get(each.session().orElseThrow());
        return session == null
                ? new Found(text + ": its session was destroyed", remove)
                : new Found(
                        text + ": it is of session " + session.name(),
                        "contrail sessiond --background: it takes session %s up again"
                                .formatted(session.name()));
    }

    /// That of this run directory's daemon; empty when there never was one.
    private static Optional<UUID> identity(Places places) {
        try {
            return Optional.of(UUID.fromString(Files.readString(places.daemonFile()).strip()));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
