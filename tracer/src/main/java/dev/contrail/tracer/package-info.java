// SPDX-License-Identifier: Apache-2.0

/// The event API of the traced application: [Tracer] binds an interface to events, [LogHandler]
/// hands log records over, and the rest are annotations.
///
/// Start at [Tracer]. Below: `dev.contrail.tracer.link`, which connects the process to its session
/// daemons, `dev.contrail.tracer.event` and `dev.contrail.tracer.process`. Nothing below needs a
/// class of this package.
package dev.contrail.tracer;
