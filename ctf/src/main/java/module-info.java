// SPDX-License-Identifier: Apache-2.0
/// The Common Trace Format, reading and writing. No dependency at run time.
module dev.contrail.ctf {
    requires static org.jspecify;

    exports dev.contrail.ctf;
    exports dev.contrail.ctf.metadata;
    exports dev.contrail.ctf.packet;
}
