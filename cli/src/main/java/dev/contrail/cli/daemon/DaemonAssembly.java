// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Places;
import dev.contrail.ctf.Clock;
import dev.contrail.kernel.KernelDomain;
import dev.contrail.recorder.ClientService;
import dev.contrail.recorder.ControlServer;
import dev.contrail.recorder.SessionDaemon;
import dev.contrail.recorder.jvm.JvmDomain;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.Tcp;
import dev.contrail.wire.net.TimedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// A session daemon with its domains and sockets, assembled: in a process of its own for
/// `sessiond`, inside the command for `record` and `demo`.
public final class DaemonAssembly implements AutoCloseable {
    private final SessionDaemon daemon;
    private final JvmDomain jvm;
    private final ControlServer applications;
    private final ControlServer clients;

    private DaemonAssembly(
            SessionDaemon daemon,
            JvmDomain jvm,
            ControlServer applications,
            ControlServer clients) {
        this.daemon = daemon;
        this.jvm = jvm;
        this.applications = applications;
        this.clients = clients;
    }

    /// Opens everything; clients and applications may connect when it returns.
    ///
    /// @param isPrivate whether it ends with this process, and nobody takes over from it
    /// @param group users of that group may command the daemon too; empty for none
    /// @param supervisor of the daemon's threads
    public static DaemonAssembly open(
            Places places,
            boolean hasKernel,
            boolean isPrivate,
            String group,
            Supervisor supervisor)
            throws IOException {
        makeRunDirectory(places);
        var daemon =
                new SessionDaemon(
                        places.runDirectory(), places.uid(), Clock.system(), supervisor, network());
        var jvm = new JvmDomain(daemon, places.uid(), timeoutSeconds());
        daemon.add(jvm);
        Optional<KernelDomain> kernel = Optional.empty();
        if (hasKernel) {
            kernel = KernelSetup.open(daemon, places, isPrivate);
        } else {
            daemon.refuse(
                    DomainName.KERNEL,
                    KernelDomain.refusal(places.uid(), "started with --no-kernel"));
        }
        daemon.start();
        daemon.execute(jvm::limitOrphans);
        kernel.ifPresent(domain -> KernelSetup.tend(daemon, domain, places));
        ControlServer applications =
                ControlServer.forApplications(
                        places.applicationSocket(), places.uid() == 0, jvm::serve, daemon);
        try {
            return new DaemonAssembly(
                    daemon,
                    jvm,
                    applications,
                    ControlServer.forClients(
                            places.controlSocket(), group, new ClientService(daemon), daemon));
        } catch (IOException e) {
            applications.close();
            throw e;
        }
    }

    /// Answers requests, as it does those of clients.
    public SessionDaemon daemon() {
        return daemon;
    }

    /// Knows which JVMs there were.
    public JvmDomain jvm() {
        return jvm;
    }

    /// Ends the daemon's work; its sessions stay for a next one.
    @Override
    public void close() throws IOException {
        clients.close();
        applications.close();
        daemon.close();
    }

    /// `/run/contrail` is for everybody to reach the applications' socket; a user's is private.
    static void makeRunDirectory(Places places) throws IOException {
        Path directory = places.runDirectory();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(
                    directory,
                    PosixFilePermissions.fromString(places.uid() == 0 ? "rwxr-xr-x" : "rwx------"));
        }
        int owner = (Integer) Files.getAttribute(directory, "unix:uid");
        if (owner != places.uid()) { // who could put sockets and state of their own into it
            throw new IOException(
                    "The run directory %s belongs to user %d: remove it, or name another"
                                    .formatted(directory, owner)
                            + " with LTTNG_RUNDIR");
        }
    }

    private static Network network() throws IOException {
        long nanos;
        try {
            nanos = NetworkTimeout.nanos(System.getenv());
        } catch (Failure e) {
            throw new IOException(e.getMessage(), e);
        }
        return nanos == 0 ? new Tcp() : new TimedNetwork(new Tcp(), nanos);
    }

    private static long timeoutSeconds() {
        String text = System.getenv().getOrDefault("LTTNG_APP_SOCKET_TIMEOUT", "");
        if (text.isEmpty()) {
            return 0;
        }
        try {
            long seconds = Long.parseLong(text);
            return seconds == 0 ? -1 : seconds; // 0 and -1 both mean for ever.
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
