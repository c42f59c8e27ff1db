// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.select.Selection;
import java.io.IOException;

/// A sink of a viewer whose place relays remember: tells them once all that came is written out.
final class RememberedSink implements Sink {
    private final Sink sink;
    private final Selection selection;
    private final ResumedOutput output;
    private boolean hasFailed;

    RememberedSink(Sink sink, Selection selection, ResumedOutput output) {
        this.sink = sink;
        this.selection = selection;
        this.output = output;
    }

    @Override
    public void accept(Message message) throws IOException {
        hasFailed = true;
        sink.accept(message);
        hasFailed = false;
    }

    @Override
    public void flush() throws IOException {
        hasFailed = true;
        sink.flush();
        selection.shown(output.mark());
        hasFailed = false;
    }

    @Override
    public void close() throws IOException {
        sink.close();
        if (!hasFailed) {
            selection.shown(output.mark());
        }
    }
}
