// SPDX-License-Identifier: Apache-2.0

/// The part of Contrail that lives in the traced application: the event API, the ring and the link
/// to the session daemon.
module dev.contrail.tracer {
    requires static transitive java.logging;
    requires static java.instrument;
    requires static java.management;
    requires static jdk.jfr;
    requires static jdk.management;
    requires static org.jspecify;

    exports dev.contrail.tracer;
    exports dev.contrail.tracer.context to
            dev.contrail.recorder;
    exports dev.contrail.tracer.filter to
            dev.contrail.recorder,
            dev.contrail.analysis;
    exports dev.contrail.tracer.jfr to
            dev.contrail.recorder;
    exports dev.contrail.tracer.link to
            dev.contrail.recorder,
            dev.contrail.analysis,
            dev.contrail.it,
            dev.contrail.bench;
    exports dev.contrail.tracer.logging to
            dev.contrail.recorder;
    exports dev.contrail.tracer.method to
            dev.contrail.recorder;
    exports dev.contrail.tracer.process to
            dev.contrail.recorder,
            dev.contrail.analysis,
            dev.contrail.it,
            dev.contrail.bench;
    exports dev.contrail.tracer.ring to
            dev.contrail.recorder,
            dev.contrail.analysis,
            dev.contrail.it,
            dev.contrail.bench;
    exports dev.contrail.tracer.ring.read to
            dev.contrail.recorder,
            dev.contrail.analysis,
            dev.contrail.it,
            dev.contrail.bench;
    exports dev.contrail.tracer.stack to
            dev.contrail.recorder;
    exports dev.contrail.tracer.statedump to
            dev.contrail.recorder;
    exports dev.contrail.tracer.ring.write to
            dev.contrail.recorder,
            dev.contrail.it,
            dev.contrail.bench;
}
