// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.code.ConstantPool;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Puts lists of parameters (`MethodParameters`) into a class file whose methods have lost them.
public final class ListedParameters {
    /// A parameter as `MethodParameters` lists it (JVMS 4.7.24).
    ///
    /// @param flags final, synthetic, mandated
    public record Parameter(String name, int flags) {}

    private static final String ATTRIBUTE = "MethodParameters";

    private ListedParameters() {}

    /// @param parameters by name and descriptor of the methods
    /// @return the same array where nothing is missing
    public static byte[] restore(byte[] bytes, Map<String, List<Parameter>> parameters)
            throws IOException {
        ClassFile file = new ClassFile(bytes);
        ConstantPool constants = new ConstantPool(file.constantCount());
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(rest);
        int copied = file.afterConstants();
        for (ClassFile.Method method : file.allMethods()) {
            List<Parameter> listed = parameters.get(method.name() + method.descriptor());
            if (listed == null || file.has(method, ATTRIBUTE)) {
                continue;
            }
            int count = method.at() + 6;
            int end = file.behindMember(method.at());
            out.write(bytes, copied, count - copied);
            out.writeShort(file.u2(count) + 1);
            out.write(bytes, count + 2, end - count - 2);
            write(out, constants, listed);
            copied = end;
        }
        if (copied == file.afterConstants()) {
            return bytes;
        }
        out.write(bytes, copied, bytes.length - copied);
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        DataOutputStream whole = new DataOutputStream(changed);
        whole.write(bytes, 0, 8);
        whole.writeShort(constants.end());
        whole.write(bytes, 10, file.afterConstants() - 10);
        whole.write(constants.bytes());
        rest.writeTo(whole);
        return changed.toByteArray();
    }

    private static void write(DataOutputStream out, ConstantPool constants, List<Parameter> listed)
            throws IOException {
        out.writeShort(constants.utf8(ATTRIBUTE));
        out.writeInt(1 + 4 * listed.size());
        out.writeByte(listed.size());
        for (Parameter each : listed) {
            out.writeShort(each.name().isEmpty() ? 0 : constants.utf8(each.name()));
            out.writeShort(each.flags());
        }
    }
}
