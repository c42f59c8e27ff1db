// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.jvm.ring.RingDirectories;
import dev.contrail.tracer.link.FromApplication.Hello;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.process.WriterProcess;
import dev.contrail.tracer.ring.read.RingFile;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/// Who is at the other end of an application's connection. Any thread.
final class Processes {
    /// The process of an application.
    ///
    /// @param pid as this process counts, or 0 when it cannot be seen from here, or not be told
    ///   from others before its ring is open
    /// @param uid as the system says
    record Peer(long pid, int uid) {}

    private final int uid;

    /// @param uid the daemon's user; root's daemon serves everybody
    Processes(int uid) {
        this.uid = uid;
    }

    /// Finds the process that says `untrusted` of itself: its id may be counted in a namespace of
    /// its own.
    ///
    /// @throws IOException when it is another user's than the connection, or not for this daemon
    Peer find(SocketChannel connection, Hello untrusted) throws IOException {
        UserPrincipal user = connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        long pid =
                new WriterProcess(untrusted.pid(), untrusted.processStart(), 0, ProcFacts.NO_BOOT)
                        .foundId();
        int found;
        Path process = Path.of("/proc", Long.toString(pid));
        if (pid != 0 && Files.getOwner(process).equals(user)) {
            found = (Integer) Files.getAttribute(process, "unix:uid");
        } else {
            pid = 0;
            found = uidOf(user);
        }
        if (uid != 0 && found != uid) {
            throw new IOException(
                    "process %d belongs to user %d".formatted(untrusted.pid(), found));
        }
        return new Peer(pid, found);
    }

    /// Finds the ring that `peer` calls `untrusted`, where it or a process lies that has said the
    /// same of itself: in two containers, both may be process 1, and of one moment.
    Optional<Path> ring(RingDirectories directories, Peer peer, Hello said, String untrusted) {
        Optional<Path> seen = directories.locate(untrusted, peer.pid, peer.uid);
        if (seen.isPresent()) {
            return seen;
        }
        return WriterProcess.called(said.pid(), said.processStart()).stream()
                .flatMap(each -> directories.locate(untrusted, each, peer.uid).stream())
                .findFirst();
    }

    /// The same application, now that its ring says which process writes it: one of its user's.
    Peer writer(Path ring, Peer peer) {
        try (RingFile file = RingFile.open(ring, peer.uid)) {
            long found = file.foundProcessId();
            return found != 0 && ownerOf(found) == peer.uid ? new Peer(found, peer.uid) : peer;
        } catch (IOException | VirtualMachineError e) {
            return peer; // who records from it says why that is not possible
        }
    }

    private static int ownerOf(long pid) throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc", Long.toString(pid)), "unix:uid");
    }

    /// The system tells the connection's user by name: who owns a file tells the number.
    private int uidOf(UserPrincipal user) throws IOException {
        Path file = Files.createTempFile("contrail-", ".user");
        try {
            if (Files.getOwner(file).equals(user)) {
                return uid;
            }
            if (uid != 0) {
                throw new IOException("it runs as " + user.getName());
            }
            Files.getFileAttributeView(
                            file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setOwner(user);
            return (Integer) Files.getAttribute(file, "unix:uid");
        } finally {
            Files.delete(file);
        }
    }
}
