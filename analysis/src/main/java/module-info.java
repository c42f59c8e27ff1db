// SPDX-License-Identifier: Apache-2.0
/// Reading traces: sources, muxer, filters, sinks, and the text view.
module dev.contrail.analysis {
    requires transitive dev.contrail.ctf;
    requires dev.contrail.tracer;

    exports dev.contrail.analysis;

    uses dev.contrail.analysis.SinkProvider;
    uses dev.contrail.analysis.SourceProvider;
}
