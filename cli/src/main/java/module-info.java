// SPDX-License-Identifier: Apache-2.0
/// The command line: every command and the daemon's entry point; assembles the rooms.
module dev.contrail.cli {
    requires dev.contrail.analysis;
    requires dev.contrail.ctf;
    requires dev.contrail.kernel;
    requires dev.contrail.posix;
    requires dev.contrail.recorder;
    requires dev.contrail.relay;
    requires dev.contrail.wire;
    requires dev.tamboui;
    requires info.picocli;
    requires java.logging;
    requires jdk.unsupported; // sun.misc.Signal
    requires static org.jspecify;
}
