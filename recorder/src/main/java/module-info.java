// SPDX-License-Identifier: Apache-2.0
/// Sessions, channels, event rules, consumers, sinks and snapshots.
module dev.contrail.recorder {
    requires transitive dev.contrail.ctf;
    requires transitive dev.contrail.wire;
    requires dev.contrail.tracer;
    requires io.airlift.compress;
    requires jdk.net;

    exports dev.contrail.recorder;
    exports dev.contrail.recorder.domain;
    exports dev.contrail.recorder.jvm;
    exports dev.contrail.recorder.thread;
    exports dev.contrail.recorder.file to
            dev.contrail.kernel;
}
