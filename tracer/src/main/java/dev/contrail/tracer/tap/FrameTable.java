// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/// A StackMapTable (JVMS 4.7.4) whose frames have moved.
final class FrameTable {
    private static final int SAME = 63;
    private static final int ONE_ITEM = 127;
    private static final int ONE_ITEM_FAR = 247;
    private static final int SAME_FAR = 251;
    private static final int FULL = 255;
    private static final int OBJECT = 7;
    private static final int UNINITIALIZED = 8;

    /// The instruction of a method in front of which another one is inserted.
    ///
    /// @param at its place, from the beginning of the code
    record InsertionPoint(int at) implements CodeAttributes.Movement {
        /// How many bytes are inserted.
        static final int BYTES = 4;

        @Override
        public int moved(int place) {
            return place > at ? place + BYTES : place;
        }

        /// Where an instruction has moved.
        int movedInstruction(int place) {
            return place >= at ? place + BYTES : place;
        }
    }

    private final ClassFile file;
    private final InsertionPoint insertion;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private int in;

    FrameTable(ClassFile file, InsertionPoint insertion) {
        this.file = file;
        this.insertion = insertion;
    }

    /// The table that begins at `at` in the file, changed.
    byte[] at(int at) throws IOException {
        int count = file.u2(at);
        in = at + 2;
        out.writeShort(count);
        int oldPlace = -1;
        int newPlace = -1;
        for (int i = 0; i < count; i++) {
            int type = file.bytes().get(in++) & 0xff;
            int delta = type <= SAME ? type : type <= ONE_ITEM ? type - SAME - 1 : next();
            oldPlace += delta + 1;
            int place = insertion.moved(oldPlace);
            copy(type, place - newPlace - 1);
            newPlace = place;
        }
        return bytes.toByteArray();
    }

    private int next() {
        in += 2;
        return file.u2(in - 2);
    }

    private void copy(int type, int delta) throws IOException {
        if (type <= SAME) {
            begin(delta <= SAME ? delta : SAME_FAR, delta);
        } else if (type <= ONE_ITEM || type == ONE_ITEM_FAR) {
            begin(delta <= SAME ? SAME + 1 + delta : ONE_ITEM_FAR, delta);
            types(1);
        } else {
            begin(type, delta);
            if (type == FULL) {
                types(counted());
                types(counted());
            } else {
                types(Math.max(0, type - SAME_FAR));
            }
        }
    }

    private void begin(int type, int delta) throws IOException {
        out.writeByte(type);
        if (type > ONE_ITEM) {
            out.writeShort(delta);
        }
    }

    private int counted() throws IOException {
        int count = next();
        out.writeShort(count);
        return count;
    }

    private void types(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int tag = file.bytes().get(in++);
            out.writeByte(tag);
            if (tag == OBJECT) {
                out.writeShort(next());
            }
            if (tag == UNINITIALIZED) {
                out.writeShort(insertion.movedInstruction(next()));
            }
        }
    }
}
