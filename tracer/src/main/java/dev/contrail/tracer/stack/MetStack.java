// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

/// A stack as it is met.
interface MetStack {
    /// Equal to that of the same stack; keeps no class, nor any text, alive that is not the JVM's.
    Object key();

    /// Its frames.
    int depth();

    /// A line a frame, `at CLASS.METHOD(FILE:LINE)`.
    String text();
}
