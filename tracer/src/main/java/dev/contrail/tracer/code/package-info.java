// SPDX-License-Identifier: Apache-2.0

/// Class files written: their constants, members and code, and what others have written of classes
/// that we change. For this module only.
///
/// Start at [GeneratedClass]. Below: nothing of ours.
package dev.contrail.tracer.code;
