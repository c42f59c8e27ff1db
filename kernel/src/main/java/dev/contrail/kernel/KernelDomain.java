// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.recorder.Domain;
import dev.contrail.recorder.RefusedException;
import dev.contrail.recorder.SessionFacts;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.InstrumentationPoint;
import dev.contrail.wire.control.PointType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;

/// The Linux kernel as a domain, through tracefs. It needs root, or an instance directory that root
/// has given away; events are system-wide, so whoever controls it sees every process.
///
/// ```java
/// try {
///     domains.add(KernelDomain.open(daemonUuid, SystemCalls.getuid()));
/// } catch (RefusedException unusable) {
///     log("No kernel tracing: " + unusable.getMessage());
/// }
/// ```
public final class KernelDomain implements Domain {
    /// LTTng's number for `Kernel tracer not available`.
    public static final int NOT_AVAILABLE = 33;

    private final Tracefs tracefs;
    private final UUID daemon;
    private final int uid;
    private final boolean isMappingWanted;
    private final EventNames names;

    KernelDomain(Tracefs tracefs, UUID daemon, int uid, boolean isMappingWanted) {
        this.tracefs = tracefs;
        this.daemon = daemon;
        this.uid = uid;
        this.isMappingWanted = isMappingWanted;
        names = new EventNames(tracefs);
    }

    /// The domain, if this process may use tracefs. Mounts nothing, changes nothing.
    ///
    /// @param daemon identity of the daemon, the same after a restart: instances carry it
    /// @throws RefusedException with the reason in plain words and code [#NOT_AVAILABLE]
    public static KernelDomain open(UUID daemon, int uid) throws RefusedException {
        try {
            Optional<Path> root = Tracefs.mountPoint();
            if (root.isEmpty()) {
                throw unusable(
                        "tracefs is not mounted (as root: mount -t tracefs nodev "
                                + Tracefs.USUAL_MOUNT_POINT
                                + ")");
            }
            var tracefs = new Tracefs(root.get());
            if (!Files.isWritable(tracefs.instances())) {
                throw unusable(
                        "no permission to write "
                                + tracefs.instances()
                                + " (kernel tracing needs root)");
            }
            if (!tracefs.hasMonotonicClock()) {
                throw unusable(
                        "its kernel tracer does not have the clock `mono` (Linux 4.2 and newer"
                                + " do)");
            }
            return new KernelDomain(tracefs, daemon, uid, true);
        } catch (IOException failed) {
            throw unusable(String.valueOf(failed.getMessage()));
        }
    }

    /// tracefs lets one wait: for half a second of enabling, or for whoever holds a pipe.
    @Override
    public boolean mayWait() {
        return true;
    }

    @Override
    public Set<DomainName> names() {
        return Set.of(DomainName.KERNEL);
    }

    @Override
    public List<InstrumentationPoint> points(DomainName domain, PointType type)
            throws RefusedException {
        try {
            return names.points(type);
        } catch (IOException failed) {
            throw unusable(String.valueOf(failed.getMessage()));
        }
    }

    @Override
    public KernelRecording open(SessionFacts session) throws RefusedException {
        try {
            WarmUp.begin(names.syscalls());
            return new KernelRecording(this, session);
        } catch (IOException failed) {
            throw new RefusedException(
                    "Session " + session.name() + ": " + String.valueOf(failed.getMessage()));
        }
    }

    /// Instances of this user's that no daemon's session claims: a daemon before it died while it
    /// destroyed them, or one that nobody restarted. They go on recording until they are removed.
    ///
    /// @param isClaimed whether the daemon of that identity, running or not, has that session
    public List<String> orphans(BiPredicate<UUID, Long> isClaimed) throws IOException {
        var orphans = new ArrayList<String>();
        for (String name : tracefs.instanceNames()) {
            InstanceName.parse(name)
                    .filter(parsed -> parsed.uid() == uid)
                    .filter(parsed -> !isClaimed.test(parsed.daemon(), parsed.session()))
                    .ifPresent(_ -> orphans.add(name));
        }
        return orphans;
    }

    /// Removes an instance that [#orphans] named: its events, its records, its memory.
    ///
    /// @throws IOException when it is in use; the message says by which process
    public void removeOrphan(String name) throws IOException {
        if (InstanceName.parse(name).isEmpty()) {
            throw new IOException(name + " is not an instance of ours");
        }
        // Before anything is written: switching off comes first, and would silence a living daemon.
        List<Integer> holders = Holders.of(tracefs.instances().resolve(name));
        if (!holders.isEmpty()) {
            throw new IOException("instance " + name + " is in use by " + holders);
        }
        Instance.existing(tracefs, name).remove();
    }

    /// Leaves everything as it is: a next daemon goes on with it.
    @Override
    public void close() {}

    Tracefs tracefs() {
        return tracefs;
    }

    EventNames eventNames() {
        return names;
    }

    boolean isMappingWanted() {
        return isMappingWanted;
    }

    String instanceName(long session, int channel) {
        return new InstanceName(uid, daemon, session, channel).toString();
    }

    private static RefusedException unusable(String reason) {
        return new RefusedException(NOT_AVAILABLE, "Kernel tracer not available: " + reason);
    }
}
