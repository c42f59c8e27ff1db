// SPDX-License-Identifier: Apache-2.0
/// What the daemons and the command line need of the C library and Java does not give. The only
/// room with foreign calls: it needs `--enable-native-access=dev.contrail.posix`.
module dev.contrail.posix {
    exports dev.contrail.posix;
}
