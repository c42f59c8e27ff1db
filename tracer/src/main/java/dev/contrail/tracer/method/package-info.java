// SPDX-License-Identifier: Apache-2.0

/// Methods of the running program as events: their calls, results and exceptions, by retransforming
/// classes that were never written for it. Needs the agent.
///
/// Start at [MethodTracing]. Below: `dev.contrail.tracer.tap` for what is put into methods,
/// `dev.contrail.tracer.event`.
package dev.contrail.tracer.method;
