// SPDX-License-Identifier: Apache-2.0
/// Commands that read traces: `view`, `convert` and `summary`.
///
/// Start at [ViewCommand]; [PipeOutput] runs the graph into standard output. Below it: `console`.
package dev.contrail.cli.read;
