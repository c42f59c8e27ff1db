// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Places;
import dev.contrail.ctf.Reason;
import dev.contrail.kernel.KernelDomain;
import dev.contrail.recorder.SessionDaemon;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.wire.DomainName;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/// Hands the daemon its kernel domain, where the system allows one.
final class KernelSetup {
    private static final long CHECK_MILLIS = 1000;

    private KernelSetup() {}

    /// Before the daemon's start. Mounts tracefs where root has not.
    ///
    /// @param isPrivate whether nobody takes over from this daemon
    /// @return the domain, which [#tend] wants after the start; none where it is refused
    static Optional<KernelDomain> open(SessionDaemon daemon, Places places, boolean isPrivate)
            throws IOException {
        try {
            if (places.uid() == 0) {
                KernelDomain.mountTracefs();
            }
        } catch (IOException e) {
            log(System.Logger.Level.DEBUG, "tracefs is not mounted", e);
        }
        try {
            KernelDomain domain = KernelDomain.open(identity(places), places.uid(), isPrivate);
            daemon.add(domain);
            return Optional.of(domain);
        } catch (RefusedException e) {
            daemon.refuse(DomainName.KERNEL, e);
            return Optional.empty();
        }
    }

    /// Removes what has been left behind, then looks each second, for as long as the process lives,
    /// whether somebody else has changed what is ours. After the daemon's start.
    static void tend(SessionDaemon daemon, KernelDomain domain, Places places) {
        daemon.execute(DomainName.KERNEL, () -> removeOrphans(domain, places));
        var isAsked = new AtomicBoolean();
        Runnable check =
                () -> {
                    isAsked.set(false);
                    domain.check();
                };
        Thread.ofPlatform()
                .daemon()
                .name("contrail-kernel-watch")
                .start(() -> {
                    while (rest()) {
                        if (isAsked.compareAndSet(false, true)) {
                            daemon.execute(DomainName.KERNEL, check);
                        }
                    }
                });
    }

    private static boolean rest() {
        try {
            Thread.sleep(CHECK_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static void removeOrphans(KernelDomain domain, Places places) {
        Path sessions = places.runDirectory().resolve("sessions");
        try {
            List<String> left =
                    domain.removeOrphans(
                            id -> Files.isDirectory(sessions.resolve(Long.toHexString(id))));
            for (String name : left) {
                System.getLogger("dev.contrail.cli")
                        .log(
                                System.Logger.Level.INFO,
                                "The tracefs instance {0} is another daemon''s that does not run; it"
                                        + " is left alone",
                                name);
            }
        } catch (IOException e) {
            log(System.Logger.Level.WARNING, "Cannot look for tracefs instances", e);
        }
    }

    /// The same for every daemon of this run directory. A file that does not say it is put aside:
    /// the instances that bear the old name are then left alone.
    private static UUID identity(Places places) throws IOException {
        Path file = places.daemonFile();
        if (Files.exists(file)) {
            try {
                return UUID.fromString(Files.readString(file).strip());
            } catch (IllegalArgumentException | CharacterCodingException e) {
                log(System.Logger.Level.WARNING, "Put aside: " + file, e);
                Files.move(
                        file,
                        file.resolveSibling("unreadable-daemon"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        UUID made = UUID.randomUUID();
        Path next = file.resolveSibling("daemon.new");
        Files.writeString(next, made + "\n");
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        return made;
    }

    private static void log(System.Logger.Level level, String what, Exception why) {
        System.getLogger("dev.contrail.cli").log(level, what + ": " + Reason.of(why), why);
    }
}
