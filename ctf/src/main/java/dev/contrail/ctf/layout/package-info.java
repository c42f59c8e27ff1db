// SPDX-License-Identifier: Apache-2.0
/// Field classes made ready for packets: names resolved, order and place of values fixed, once for
/// a trace.
///
/// Start at [TracePlan] for a whole trace, at [FieldLayout] for one field. Decoders, generated code
/// and encoders all walk these layouts. Below: `dev.contrail.ctf`, whose model is compiled.
/// Immutable once a plan is complete, and shared between threads.
package dev.contrail.ctf.layout;
