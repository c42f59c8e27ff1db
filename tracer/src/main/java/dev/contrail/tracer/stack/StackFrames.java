// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

/// Frames of stacks as text.
public final class StackFrames {
    private StackFrames() {}

    /// Without the loader's name and the module's version, which exceptions leave out too.
    public static StackTraceElement plain(StackTraceElement frame) {
        return new StackTraceElement(
                null,
                frame.getModuleName(),
                null,
                frame.getClassName(),
                frame.getMethodName(),
                frame.getFileName(),
                frame.getLineNumber());
    }
}
