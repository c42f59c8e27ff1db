// SPDX-License-Identifier: Apache-2.0
/// Message records and codecs of the daemons' protocols. No dependency.
module dev.contrail.wire {
    requires jdk.net;

    exports dev.contrail.wire;
    exports dev.contrail.wire.control;
    exports dev.contrail.wire.live;
    exports dev.contrail.wire.net;
    exports dev.contrail.wire.push;
    exports dev.contrail.wire.relay;
    exports dev.contrail.wire.secure;
}
