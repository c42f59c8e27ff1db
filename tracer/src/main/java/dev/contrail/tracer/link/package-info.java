// SPDX-License-Identifier: Apache-2.0

/// The link between an application and a session daemon: messages as records, one codec for both
/// ends, and the application's end.
///
/// Start at [Frames] for the messages, at [ApplicationLink] for the application, at [Host] for
/// processes with several copies of this jar. Below: `dev.contrail.tracer.logging` and
/// `dev.contrail.tracer.event`, which carry out what daemons order, the rings, and
/// `dev.contrail.tracer.process`.
package dev.contrail.tracer.link;
