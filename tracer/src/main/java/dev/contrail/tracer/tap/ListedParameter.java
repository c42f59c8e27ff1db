// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

/// A parameter as `MethodParameters` lists it (JVMS 4.7.24).
///
/// @param flags final, synthetic, mandated
public record ListedParameter(String name, int flags) {}
