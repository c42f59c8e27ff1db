// SPDX-License-Identifier: Apache-2.0
/// Reading traces: sources, muxer, filters, sinks, and the commands that run them.
module dev.contrail.analysis {
    requires transitive dev.contrail.ctf;
    requires dev.contrail.tracer;
    requires dev.contrail.wire;
    requires io.airlift.compress;
    requires static org.jspecify;

    exports dev.contrail.analysis;
    exports dev.contrail.analysis.convert to
            dev.contrail.cli;
    exports dev.contrail.analysis.source;
    exports dev.contrail.analysis.text to
            dev.contrail.cli;
    exports dev.contrail.analysis.top to
            dev.contrail.cli;

    uses dev.contrail.analysis.SinkProvider;
    uses dev.contrail.analysis.SourceProvider;
}
