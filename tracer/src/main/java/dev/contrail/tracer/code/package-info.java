// SPDX-License-Identifier: Apache-2.0

/// Class files written: their constants, members and code. For this module only.
///
/// Start at [GeneratedClass]. Below: nothing of ours.
package dev.contrail.tracer.code;
