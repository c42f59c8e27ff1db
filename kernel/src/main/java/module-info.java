// SPDX-License-Identifier: Apache-2.0
/// The Linux kernel as a domain, through tracefs; and all foreign calls of the daemons. It needs
/// `--enable-native-access=dev.contrail.kernel`.
module dev.contrail.kernel {
    requires transitive dev.contrail.recorder;
    requires dev.contrail.ctf;
    requires static org.jspecify;

    exports dev.contrail.kernel;
}
