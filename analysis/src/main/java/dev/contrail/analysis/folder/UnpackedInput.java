// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// What a decoder unpacks, up to the same byte each time that the data are damaged.
///
/// A decoder that meets damage forgets what it has unpacked for the same call: here those are of
/// the same size, whatever is asked for. What is wrong is said when all before it has been read.
final class UnpackedInput extends InputStream {
    private static final int STEP_BYTES = 1 << 14;

    private final InputStream decoder;
    private final byte[] step = new byte[STEP_BYTES];
    private int at;
    private int length;
    private @Nullable IOException damage;

    UnpackedInput(InputStream decoder) {
        this.decoder = decoder;
    }

    @Override
    public int read() throws IOException {
        return fill() ? step[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int wanted) throws IOException {
        if (wanted == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(wanted, length - at);
        System.arraycopy(step, at, into, offset, taken);
        at += taken;
        return taken;
    }

    @Override
    public int available() {
        return length - at;
    }

    @Override
    public void close() throws IOException {
        decoder.close();
    }

    private boolean fill() throws IOException {
        if (at < length) {
            return true;
        }
        if (damage != null) {
            throw damage;
        }
        at = 0;
        length = 0;
        try {
            length = Math.max(0, decoder.read(step, 0, STEP_BYTES));
        } catch (IOException e) {
            damage = e;
            throw e;
        } catch (RuntimeException e) {
            // Decoders find damage by their arrays' bounds, too.
            damage = new IOException("the data are damaged (" + e + ")", e);
            throw damage;
        }
        return length > 0;
    }
}
