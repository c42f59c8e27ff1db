// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Receives a trace as text and keeps what came last before a certain event: lines of applications,
/// and of the kernel's lines between them the nearest few.
final class LastMoments extends OutputStream {
    /// A line of an application and the kernel lines before it.
    private record Moment(List<String> kernel, long left, String line) {}

    private final String marker;
    private final int shown;
    private final int shownKernel;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ArrayDeque<String> kernel = new ArrayDeque<>();
    private final ArrayDeque<Moment> moments = new ArrayDeque<>();
    private long kernelLines;
    private boolean isOver;

    /// @param marker text of the event that ends the story
    /// @param shown lines of applications to keep
    /// @param shownKernel kernel lines to keep before each
    LastMoments(String marker, int shown, int shownKernel) {
        this.marker = marker;
        this.shown = shown;
        this.shownKernel = shownKernel;
    }

    @Override
    public void write(int b) {
        if (isOver) {
            return;
        }
        if (b == '\n') {
            take(line.toString(StandardCharsets.UTF_8));
            line.reset();
        } else {
            line.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length && !isOver; i++) {
            write(bytes[i]);
        }
    }

    /// The lines to show, in order.
    List<String> lines() {
        var lines = new ArrayList<String>();
        for (Moment moment : moments) {
            if (moment.left > 0) {
                lines.add("  … %,d more kernel events".formatted(moment.left));
            }
            lines.addAll(moment.kernel);
            lines.add(moment.line);
        }
        return lines;
    }

    private void take(String text) {
        // An application's packets carry its process id and name; the kernel's the CPU alone.
        boolean isKernel = text.contains("{ cpu_id = ") && !text.contains("procname = ");
        if (isKernel) {
            kernelLines++;
            kernel.add(text);
            if (kernel.size() > shownKernel) {
                kernel.remove();
            }
            return;
        }
        moments.add(new Moment(List.copyOf(kernel), kernelLines - kernel.size(), text));
        kernel.clear();
        kernelLines = 0;
        if (moments.size() > shown) {
            moments.remove();
        }
        isOver = text.contains(marker);
    }
}
