// SPDX-License-Identifier: Apache-2.0
/// The Linux kernel as a domain, through tracefs.
module dev.contrail.kernel {
    requires transitive dev.contrail.recorder;
    requires dev.contrail.ctf;
    requires dev.contrail.posix;
    requires static org.jspecify;

    exports dev.contrail.kernel;
}
