// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.kernel.KernelDomain;
import dev.contrail.kernel.SystemCalls;
import dev.contrail.recorder.RefusedException;
import dev.contrail.recorder.SessionDaemon;
import dev.contrail.wire.control.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Hands the daemon its kernel domain, where the system allows one.
final class KernelDoor {
    private KernelDoor() {}

    /// Before the daemon's start. Mounts tracefs where root has not.
    ///
    /// @param isPrivate whether nobody takes over from this daemon
    /// @return removes what daemons before this one have left; to be run on the control thread
    ///   after the start
    static Runnable open(SessionDaemon daemon, Places places, boolean isPrivate)
            throws IOException {
        try {
            if (places.uid() == 0) {
                SystemCalls.mountTracefs();
            }
        } catch (IOException e) {
            log(System.Logger.Level.DEBUG, "tracefs is not mounted", e);
        }
        try {
            UUID identity = identity(places);
            KernelDomain domain = KernelDomain.open(identity, places.uid());
            daemon.add(domain);
            DaemonRegister.enter(identity, places.runDirectory(), isPrivate);
            return () -> removeOrphans(domain);
        } catch (RefusedException e) {
            daemon.refuse(DomainName.KERNEL, e.getMessage());
            return () -> {};
        }
    }

    private static void removeOrphans(KernelDomain domain) {
        try {
            for (String name : domain.orphans(DaemonRegister::claims)) {
                removeOrphan(domain, name);
            }
            DaemonRegister.strikeOut();
        } catch (IOException e) {
            log(System.Logger.Level.WARNING, "Cannot look for tracefs instances", e);
        }
    }

    /// One that is in use does not keep the others.
    private static void removeOrphan(KernelDomain domain, String name) {
        try {
            domain.removeOrphan(name);
        } catch (IOException e) {
            log(System.Logger.Level.WARNING, "Cannot remove a tracefs instance", e);
        }
    }

    /// The same for every daemon of this run directory.
    private static UUID identity(Places places) throws IOException {
        Path file = places.runDirectory().resolve("daemon");
        if (Files.exists(file)) {
            return UUID.fromString(Files.readString(file).strip());
        }
        UUID made = UUID.randomUUID();
        Files.writeString(file, made + "\n");
        return made;
    }

    private static void log(System.Logger.Level level, String what, Exception why) {
        System.getLogger("dev.contrail.cli").log(level, what + ": " + why.getMessage(), why);
    }
}
