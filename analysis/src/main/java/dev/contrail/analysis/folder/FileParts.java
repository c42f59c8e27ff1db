// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.analysis.folder.FilePackets.Part;
import dev.contrail.ctf.file.PacketTable;
import java.util.AbstractList;
import java.util.RandomAccess;

/// The packets of one file, each made when it is asked for.
final class FileParts extends AbstractList<Part> implements RandomAccess {
    private final ListedStream file;
    private final PacketTable packets;
    private final boolean isIndexed;

    /// @param packets in file order, which do not change anymore
    /// @param isIndexed whether the last may be growing
    FileParts(ListedStream file, PacketTable packets, boolean isIndexed) {
        this.file = file;
        this.packets = packets;
        this.isIndexed = isIndexed;
    }

    @Override
    public Part get(int number) {
        boolean mayGrow = isIndexed && number == packets.size() - 1;
        return new Part(file, number, packets.get(number), mayGrow);
    }

    @Override
    public int size() {
        return packets.size();
    }
}
