// SPDX-License-Identifier: Apache-2.0
/// Traces on disk: stream files, indexes and metadata as they are written, and what could not be.
///
/// Start at [TraceOutput]. One thread at a time writes an output. Below it: `domain`, `thread`,
/// `file`.
package dev.contrail.recorder.output;
