// SPDX-License-Identifier: Apache-2.0
/// Events as text, byte for byte as `sink.text.pretty` of babeltrace2 writes them.
///
/// Start at [TextSink]; an [EventTemplate] is a line, its [FieldPrinter]s print the fields. A sink
/// belongs to the thread that calls it. Below it: the messages' package only.
package dev.contrail.analysis.text;
