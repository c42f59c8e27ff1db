// SPDX-License-Identifier: Apache-2.0
/// Calls into the C library of a 64-bit Linux: files, memory, waiting, signals, scheduling.
///
/// Start at [RawFile], [Readiness] and [SystemCalls]. A call that fails throws an `IOException`
/// with the name of the call, its object, the system's words and `errno`, except where a method
/// says what it returns instead. Each class says which thread may use it.
package dev.contrail.posix;
