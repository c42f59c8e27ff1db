// SPDX-License-Identifier: Apache-2.0
/// Traces written anew as CTF, as `sink.ctf.fs` of babeltrace2 does.
///
/// Start at [CtfSink]. Below it: `source`, for the streams' packets.
package dev.contrail.analysis.copy;
