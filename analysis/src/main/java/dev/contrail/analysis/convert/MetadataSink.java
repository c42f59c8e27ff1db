// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.SourceTrace;
import dev.contrail.analysis.folder.TraceFolder;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Utf8;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// Prints what the traces declare instead of what they hold.
final class MetadataSink implements Sink {
    private MetadataSink() {}

    /// Prints it at once.
    ///
    /// @throws IOException when there is no trace, as for one that cannot be read
    static MetadataSink print(OpenSources sources, OutputStream out)
            throws IOException, CtfException {
        boolean isEmpty = true;
        for (Path root : sources.roots()) {
            for (Path folder : TraceFolder.find(root)) {
                Path file = TraceFolder.metadataFile(folder).orElseThrow();
                byte[] untrusted = TraceFolder.metadataBytes(file);
                print(MetadataFile.text(file.toString(), untrusted), out);
                isEmpty = false;
            }
        }
        for (SourceTrace trace : sources.traces()) {
            print(trace.text(), out);
            isEmpty = false;
        }
        if (isEmpty) {
            throw new IOException("no trace here: no `metadata` file");
        }
        out.flush();
        return new MetadataSink();
    }

    private static void print(String text, OutputStream out) throws IOException {
        out.write(Utf8.bytes(text));
        out.write('\n');
    }

    @Override
    public void accept(Message message) {}
}
