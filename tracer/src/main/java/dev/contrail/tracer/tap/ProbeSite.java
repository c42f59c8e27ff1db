// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.util.List;

/// A method that is to call a probe, and what it gives to it.
///
/// @param probe its number, see [ProbeClass]
/// @param arguments numbers of parameters, [#THIS] for the object: at most [#MOST] of primitive
///   types and as many others
/// @param givesResult whether the returned value goes to the probe, too
public record ProbeSite(
        ClassFile.Method method, int probe, List<Integer> arguments, boolean givesResult) {
    public static final int THIS = -1;

    /// How many numbers and how many objects a probe takes.
    public static final int MOST = 4;

    public ProbeSite {
        arguments = List.copyOf(arguments);
    }
}
