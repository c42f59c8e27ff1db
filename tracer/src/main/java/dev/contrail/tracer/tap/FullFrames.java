// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The frames of a StackMapTable (JVMS 4.7.4), each with all of its locals and not as a difference
/// from the one before, so that a local may be added to them.
final class FullFrames {
    static final int TOP = 0;
    static final int LONG = 4;
    static final int UNINITIALIZED_THIS = 6;
    private static final int OBJECT = 7;
    private static final int UNINITIALIZED = 8;

    private static final int SAME = 63;
    private static final int ONE_ITEM = 127;
    private static final int ONE_ITEM_FAR = 247;
    private static final int SAME_FAR = 251;
    private static final int FULL = 255;

    /// The state of the machine at an offset. A type is its tag, and above the lowest 8 bits the
    /// class, or the offset of `new`, that belongs to it; a long or double is one type.
    record Frame(int at, List<Integer> locals, List<Integer> stack) {
        Frame {
            locals = List.copyOf(locals);
            stack = List.copyOf(stack);
        }

        boolean hasUninitializedThis() {
            return locals.contains(UNINITIALIZED_THIS) || stack.contains(UNINITIALIZED_THIS);
        }
    }

    private final ClassFile file;
    private int in;

    private FullFrames(ClassFile file, int in) {
        this.file = file;
        this.in = in;
    }

    static int object(int classIndex) {
        return OBJECT | classIndex << 8;
    }

    /// @param at where the table begins in the file
    /// @param initial the locals at the method's beginning
    static List<Frame> read(ClassFile file, int at, List<Integer> initial) {
        return new FullFrames(file, at + 2).read(file.u2(at), initial);
    }

    private List<Frame> read(int count, List<Integer> initial) {
        List<Frame> frames = new ArrayList<>();
        List<Integer> locals = new ArrayList<>(initial);
        int place = -1;
        for (int i = 0; i < count; i++) {
            int type = file.bytes().get(in++) & 0xff;
            int delta = type <= SAME ? type : type <= ONE_ITEM ? type - SAME - 1 : next();
            place += delta + 1;
            List<Integer> stack = List.of();
            if (type > SAME && type <= ONE_ITEM || type == ONE_ITEM_FAR) {
                stack = types(1);
            } else if (type == FULL) {
                locals = types(next());
                stack = types(next());
            } else if (type > SAME_FAR) {
                locals.addAll(types(type - SAME_FAR));
            } else if (type > ONE_ITEM_FAR && type < SAME_FAR) {
                int kept = locals.size() - (SAME_FAR - type);
                locals.subList(kept, locals.size()).clear();
            }
            frames.add(new Frame(place, locals, stack));
        }
        return frames;
    }

    private int next() {
        in += 2;
        return file.u2(in - 2);
    }

    private List<Integer> types(int count) {
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int tag = file.bytes().get(in++);
            types.add(tag == OBJECT || tag == UNINITIALIZED ? tag | next() << 8 : tag);
        }
        return types;
    }

    /// The locals with one more, a long, behind the `slots` that there are.
    static List<Integer> withLong(List<Integer> locals, int slots) {
        List<Integer> longer = new ArrayList<>(locals);
        int used = 0;
        for (int type : locals) {
            used += (type & 0xff) == LONG || (type & 0xff) == 3 ? 2 : 1;
        }
        longer.addAll(Collections.nCopies(slots - used, TOP));
        longer.add(LONG);
        return longer;
    }

    /// @param frames in the order of their offsets, which are the new ones
    /// @param moved where each instruction has gone, by its old offset
    static byte[] write(List<Frame> frames, int[] moved) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(frames.size());
        int last = -1;
        for (Frame frame : frames) {
            out.writeByte(FULL);
            out.writeShort(frame.at - last - 1);
            write(out, frame.locals, moved);
            write(out, frame.stack, moved);
            last = frame.at;
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, List<Integer> types, int[] moved)
            throws IOException {
        out.writeShort(types.size());
        for (int type : types) {
            int tag = type & 0xff;
            out.writeByte(tag);
            if (tag == OBJECT) {
                out.writeShort(type >>> 8);
            }
            if (tag == UNINITIALIZED) {
                out.writeShort(moved[type >>> 8]);
            }
        }
    }
}
