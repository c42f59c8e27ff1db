// SPDX-License-Identifier: Apache-2.0

/// The link between an application and a session daemon: messages as records, one codec for both
/// ends. Start at [Frames].
package dev.contrail.tracer.link;
