// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.file;

import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// How much of a stream's file and of its index counts.
///
/// @param bytes of whole packets
/// @param entries in the index, one for each of them
public record StoredTail(long bytes, long entries) {
    /// All that is whole.
    public static final StoredTail ALL = new StoredTail(Long.MAX_VALUE, Long.MAX_VALUE);

    /// Cuts off what lies behind it, and what is not whole: the last packet that has an entry ends
    /// the file then.
    ///
    /// @param entryBytes of an entry
    /// @return what is left; less than this only where something was lost
    public StoredTail cut(FileChannel data, FileChannel index, int entryBytes) throws IOException {
        long most = Math.max(0, index.size() - IndexFile.HEADER_BYTES) / entryBytes;
        long left = Math.min(entries, most);
        long end = 0;
        while (left > 0) {
            end = end(index, left - 1, entryBytes);
            if (end <= Math.min(bytes, data.size())) {
                break;
            }
            left--;
        }
        var cut = new StoredTail(left == 0 ? 0 : end, left);
        if (data.size() > cut.bytes) {
            data.truncate(cut.bytes);
        }
        long indexBytes = IndexFile.HEADER_BYTES + left * entryBytes;
        if (index.size() > indexBytes) {
            index.truncate(indexBytes);
        }
        return cut;
    }

    private static long end(FileChannel index, long number, int entryBytes) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(entryBytes);
        long at = IndexFile.HEADER_BYTES + number * entryBytes;
        while (entry.hasRemaining()) {
            if (index.read(entry, at + entry.position()) < 0) {
                throw new IOException("the index ends at entry " + number);
            }
        }
        PacketLocation last = IndexFile.takeEntry(entry.flip());
        return last.endBytes();
    }
}
