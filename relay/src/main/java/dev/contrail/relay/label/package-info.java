// SPDX-License-Identifier: Apache-2.0
/// What is remembered of sessions that have ended, so that viewers can read them after a restart of
/// the relay as before: [SessionLabel], in a file beside the trace.
///
/// Below: `relay.file`.
package dev.contrail.relay.label;
