// SPDX-License-Identifier: Apache-2.0
/// From the kernel's bytes to CTF: a plan for each event class, compiled once, followed for each
/// record.
///
/// Start at [Converter] and [RecordPlan]. A converter belongs to one thread, plans are immutable.
/// Below it: `schema`, `tracefs`.
package dev.contrail.kernel.convert;
