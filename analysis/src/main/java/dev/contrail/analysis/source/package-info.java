// SPDX-License-Identifier: Apache-2.0
/// Sources: opens what a user names and merges its streams in time order.
///
/// Start at [TraceReader]; a [StreamSource] makes the messages of one stream, [Summary] tells what
/// indexes know. Everything here belongs to the thread that pulls the messages, unless it says
/// otherwise. Below it: `folder` and `ring`, which find the packets.
package dev.contrail.analysis.source;
