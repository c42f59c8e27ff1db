// SPDX-License-Identifier: Apache-2.0

/// Contexts: what sessions can have added to each event record beside its own fields, named as
/// LTTng names them, and what filters can ask for whether it is added or not.
///
/// Start at [Contexts]. Below: `dev.contrail.tracer.ring.write`, which writes them.
package dev.contrail.tracer.context;
