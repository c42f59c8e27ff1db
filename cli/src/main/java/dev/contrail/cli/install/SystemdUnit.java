// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

/// The units by which systemd runs the session daemon and the relay daemon.
///
/// - The daemon owns no other process, and a command that it did not start must not be killed with
///   it: `KillMode=mixed` sends SIGTERM to the daemon only. It writes its state and ends within
///   seconds; its sessions stay in the run directory, and the next start takes them up.
/// - The run directory is not a `RuntimeDirectory`: systemd would remove it, and the sessions with
///   it, at each stop.
/// - A descriptor for each application and each ring: more than the usual 1024.
/// - Out of memory, the recorder should be the last to go: it is what tells of it.
final class SystemdUnit {
    private static final String SERVICE =
            """
            [Unit]
            Description=Contrail %s daemon%s
            Documentation=man:contrail-%s(1)

            [Service]
            Type=exec
            ExecStart=%s %s
            KillMode=mixed
            TimeoutStopSec=45
            Restart=on-failure
            LimitNOFILE=65536
            %s
            [Install]
            WantedBy=%s
            """;

    private SystemdUnit() {}

    static String text(String name, Installation installation) {
        boolean isSessiond = name.equals(Installation.SESSIOND_UNIT);
        boolean isOfUser = installation.isOfUser();
        String program = isSessiond ? "sessiond" : "relayd";
        return SERVICE.formatted(
                isSessiond ? "session" : "relay",
                isOfUser ? " (user)" : "",
                program,
                word(installation.command().toString()),
                program,
                isSessiond && !isOfUser ? "OOMScoreAdjust=-500\n" : "",
                isOfUser ? "default.target" : "multi-user.target");
    }

    /// As systemd reads it back, see "Quoting" in systemd.syntax(7) and "Specifiers" in
    /// systemd.unit(5).
    private static String word(String path) {
        return path.matches("[\\w./+-]*")
                ? path
                : '"'
                        + path.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("%", "%%")
                                .replace("$", "$$")
                        + '"';
    }
}
