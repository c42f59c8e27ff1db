// SPDX-License-Identifier: Apache-2.0
/// The Common Trace Format, reading and writing. No dependency at run time.
module dev.contrail.ctf {
    requires static org.jspecify;

    exports dev.contrail.ctf;
    exports dev.contrail.ctf.ctf2;
    exports dev.contrail.ctf.decode;
    exports dev.contrail.ctf.file;
    exports dev.contrail.ctf.layout;
    exports dev.contrail.ctf.metadata;
    exports dev.contrail.ctf.tsdl;
    exports dev.contrail.ctf.write;
}
