// SPDX-License-Identifier: Apache-2.0

/// The writer's side of the ring: what the traced process does to it. Everything on the path of an
/// event is here.
///
/// Start at [Cell], which says how a record is written, then [WriterPool]; [RingWriter] makes and
/// closes pools. What is public is so for generated code and for the link. Below:
/// `dev.contrail.tracer.ring` and `dev.contrail.tracer.process`. Blocks and cells belong to the
/// threads that hold them, the rest to the link thread.
package dev.contrail.tracer.ring.write;
