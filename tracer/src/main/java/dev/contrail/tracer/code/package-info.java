// SPDX-License-Identifier: Apache-2.0

/// Class files written: their constants, members and code, what others have written of classes that
/// we change, and the packages of the JDK that such classes go into. For this module only.
///
/// Start at [GeneratedClass]. Below: nothing of ours.
package dev.contrail.tracer.code;
