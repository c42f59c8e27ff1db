// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.Reason;
import dev.contrail.kernel.buffer.DrainPlan;
import dev.contrail.kernel.schema.EventNames;
import dev.contrail.kernel.tracefs.Instance;
import dev.contrail.kernel.tracefs.InstanceName;
import dev.contrail.kernel.tracefs.Tracefs;
import dev.contrail.recorder.domain.Domain;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongPredicate;

/// The Linux kernel as a domain, through tracefs. It needs root, or an instance directory that root
/// has given away; events are system-wide, so whoever controls it sees every process.
///
/// ```java
/// try {
///     domains.add(KernelDomain.open(daemonUuid, SystemCalls.getuid(), false));
/// } catch (RefusedException unusable) {
///     log("No kernel tracing: " + unusable.getMessage());
/// }
/// ```
public final class KernelDomain implements Domain {
    private static final System.Logger LOG = System.getLogger(KernelDomain.class.getName());

    private final DomainFacts facts;
    private final Set<KernelRecording> recordings = new LinkedHashSet<>();

    /// Mounts tracefs where it usually is, unless it is mounted. Needs root.
    public static void mountTracefs() throws IOException {
        Tracefs.mount();
    }

    /// @param isPrivate whether nobody takes over from this daemon
    /// @param drainPlan threads for each channel
    KernelDomain(
            Tracefs tracefs,
            UUID daemon,
            int uid,
            boolean isPrivate,
            boolean isMappingWanted,
            DrainPlan drainPlan) {
        facts =
                new DomainFacts(
                        tracefs,
                        new EventNames(tracefs),
                        daemon,
                        uid,
                        isPrivate,
                        isMappingWanted,
                        drainPlan,
                        SpillBudget.ofThisMachine());
    }

    /// The domain, if this process may use tracefs. Mounts nothing, changes nothing.
    ///
    /// @param daemon identity of the daemon, the same after a restart: instances carry it
    /// @param isPrivate whether nobody takes over from this daemon
    /// @throws RefusedException as [#refusal] has it
    public static KernelDomain open(UUID daemon, int uid, boolean isPrivate)
            throws RefusedException {
        try {
            Optional<Path> root = Tracefs.mountPoint();
            if (root.isEmpty()) {
                throw refusal(
                        uid,
                        "tracefs is not mounted (as root: mount -t tracefs nodev "
                                + Tracefs.USUAL_MOUNT_POINT
                                + ")");
            }
            var tracefs = new Tracefs(root.get());
            if (!Files.isWritable(tracefs.instances())) {
                throw refusal(
                        uid,
                        "no permission to write "
                                + tracefs.instances()
                                + " (kernel tracing needs root)");
            }
            if (!tracefs.hasMonotonicClock()) {
                throw refusal(
                        uid,
                        "its kernel tracer does not have the clock `mono` (Linux 4.2 and newer"
                                + " do)");
            }
            return new KernelDomain(
                    tracefs, daemon, uid, isPrivate, true, DrainPlan.ofThisMachine());
        } catch (IOException failed) {
            throw refusal(uid, Reason.of(failed));
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
            return facts.names().points(type);
        } catch (IOException failed) {
            throw refusal(0, Reason.of(failed));
        }
    }

    @Override
    public KernelRecording open(SessionFacts session) throws RefusedException {
        try {
            WarmUp.begin(facts.names().syscalls());
            var recording = new KernelRecording(facts, session, recordings::remove);
            recordings.add(recording);
            return recording;
        } catch (IOException failed) {
            throw new RefusedException("Session " + session.name() + ": " + Reason.of(failed));
        }
    }

    /// Undoes what others have done to the instances of this daemon's sessions, and notes it there.
    /// To be called about once a second.
    public void check() {
        recordings.forEach(KernelRecording::check);
    }

    /// Removes this user's instances that nobody will go on with: those of this daemon that belong
    /// to no session of its, and those of commands that were killed.
    ///
    /// An instance that some daemon claims is left alone, and so is one of another daemon that has
    /// ended: only that daemon can know whether it will come back.
    ///
    /// @param isSession whether this daemon has a session of that id
    /// @return the names of those that were left because nobody claims them now
    public List<String> removeOrphans(LongPredicate isSession) throws IOException {
        var left = new ArrayList<String>();
        for (String name : facts.tracefs().instanceNames()) {
            Optional<InstanceName> parsed =
                    InstanceName.parse(name).filter(found -> found.uid() == facts.uid());
            if (parsed.isEmpty()) {
                continue;
            }
            boolean isOwn = parsed.get().daemon().equals(facts.daemon());
            if (isOwn && isSession.test(parsed.get().session())) {
                continue;
            }
            try {
                Optional<Instance> instance = Instance.unclaimed(facts.tracefs(), name);
                if (instance.isPresent() && (isOwn || parsed.get().isPrivate())) {
                    instance.get().remove();
                } else if (instance.isPresent()) {
                    instance.get().close();
                    left.add(name);
                }
            } catch (IOException busy) {
                LOG.log(System.Logger.Level.WARNING, Reason.of(busy)); // not the others' fault
            }
        }
        return left;
    }

    /// Leaves everything as it is: a next daemon goes on with it. The claims end with the process,
    /// which ends soon: until then a consumer may still look into a ring.
    @Override
    public void close() {}

    DomainFacts facts() {
        return facts;
    }

    /// Why there is no such domain: to root the reason, to others, in LTTng's words, that they are
    /// not root.
    public static RefusedException refusal(int uid, String reason) {
        return uid == 0
                ? new RefusedException(
                        LttngError.KERN_NA, LttngError.KERN_NA.text() + ": " + reason)
                : new RefusedException(LttngError.NEED_ROOT_SESSIOND);
    }
}
