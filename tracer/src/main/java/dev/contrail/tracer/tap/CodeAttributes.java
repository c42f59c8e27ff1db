// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The attributes of code whose instructions have moved (JVMS 4.7.3): line numbers and local
/// variables, moved along, and frames as somebody else makes them. Annotations of types inside
/// methods are for compilers and readers of class files: left out.
final class CodeAttributes {
    private final ClassFile file;
    private final Movement movement;
    private final List<byte[]> made = new ArrayList<>();

    CodeAttributes(ClassFile file, Movement movement) {
        this.file = file;
        this.movement = movement;
    }

    /// Where the code's places are now. No function: transformers load no class.
    interface Movement {
        /// Where a place that is jumped to has moved.
        int moved(int place);

        /// Where what begins at a place begins now.
        default int begin(int place) {
            return moved(place);
        }
    }

    /// An attribute of the code as it was: its content begins at `at` in the file.
    ///
    /// @param name the constant that names it
    void move(int name, int at) {
        switch (file.utf8(name)) {
            case "LineNumberTable" -> add(name, lineNumbers(at));
            case "LocalVariableTable", "LocalVariableTypeTable" -> add(name, variables(at));
            default -> {}
        }
    }

    void add(int name, byte[] content) {
        made.add(
                ByteBuffer.allocate(6 + content.length)
                        .putShort((short) name)
                        .putInt(content.length)
                        .put(content)
                        .array());
    }

    void write(DataOutputStream out) throws IOException {
        out.writeShort(made.size());
        for (byte[] each : made) {
            out.write(each);
        }
    }

    private byte[] lineNumbers(int at) {
        int count = file.u2(at);
        ByteBuffer out = ByteBuffer.allocate(2 + 4 * count).putShort((short) count);
        for (int i = at + 2; i < at + 2 + 4 * count; i += 4) {
            out.putShort((short) movement.begin(file.u2(i))).putShort((short) file.u2(i + 2));
        }
        return out.array();
    }

    private byte[] variables(int at) {
        int count = file.u2(at);
        ByteBuffer out = ByteBuffer.allocate(2 + 10 * count).putShort((short) count);
        for (int i = at + 2; i < at + 2 + 10 * count; i += 10) {
            int from = movement.begin(file.u2(i));
            int to = movement.moved(file.u2(i) + file.u2(i + 2));
            out.putShort((short) from).putShort((short) (to - from));
            out.put(file.bytes().slice(i + 4, 6));
        }
        return out.array();
    }
}
