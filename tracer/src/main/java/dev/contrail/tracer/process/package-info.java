// SPDX-License-Identifier: Apache-2.0

/// The process that the tracer lives in, and others as `/proc` shows them: identities, clocks,
/// memory limits, threads of our own, and the one line on standard error.
///
/// Start at [ProcFacts] and [TracerThread]. This is a lowest package: it knows no ring and no
/// event.
package dev.contrail.tracer.process;
