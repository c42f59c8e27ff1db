// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

/// What a reader of traces has printed, a character for each byte.
///
/// @param hasDied whether it crashed, or came to no end
record Reading(int status, String out, String err, boolean hasDied) {}
