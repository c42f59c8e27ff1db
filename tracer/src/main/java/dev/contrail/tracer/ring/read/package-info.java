// SPDX-License-Identifier: Apache-2.0

/// The readers' side of the ring: snapshots, and the drain that takes packets out, also after the
/// process has died.
///
/// Start at [RingFile], then [Pool]. Everything in a ring is untrusted: it is checked, and a
/// [RingException] says what is wrong. Below: `dev.contrail.tracer.ring` and
/// `dev.contrail.tracer.process`. One thread owns a file and its pools.
package dev.contrail.tracer.ring.read;
