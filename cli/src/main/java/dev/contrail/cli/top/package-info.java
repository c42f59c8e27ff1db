// SPDX-License-Identifier: Apache-2.0
/// `top`: what machines do, live or from a trace, on the full screen or as tables and JSON.
///
/// Start at [TopCommand]. A [Feed] reads messages into the state that `analysis.top` keeps, on a
/// thread of its own; [BatchOutput] and the screen ask that state for tables.
package dev.contrail.cli.top;
