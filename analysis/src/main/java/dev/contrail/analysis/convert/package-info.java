// SPDX-License-Identifier: Apache-2.0
/// What `contrail view` and the commands of `babeltrace2` do: command lines, graphs, queries.
///
/// Start at [View]; [ViewArguments] reads its options, [Sinks] is the list of sinks, [ParallelView]
/// reads with several threads. Uses every other package of this room, and none uses it.
package dev.contrail.analysis.convert;
