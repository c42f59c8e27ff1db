// SPDX-License-Identifier: Apache-2.0
/// What reading a trace is about: messages, what they are of, and what other people's sources and
/// sinks implement.
///
/// Start at [Message], and at [dev.contrail.analysis.source.TraceReader] to read events;
/// [SinkProvider] and [SourceProvider] are for jars on `--plugin-path`. A message belongs to the
/// thread that pulls it. Knows no other package of this room.
package dev.contrail.analysis;
