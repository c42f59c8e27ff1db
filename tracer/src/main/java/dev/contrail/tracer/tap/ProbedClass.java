// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.code.ConstantPool;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/// A class file some of whose methods call probes. Only their code changes, and constants are added
/// behind those that there are.
public final class ProbedClass {
    private ProbedClass() {}

    /// Why a method cannot call a probe; empty when it can.
    public static String obstacle(ClassFile file, ProbeSite site) {
        try {
            new ProbedMethod(file, site, new ConstantPool(file.constantCount())).write();
            return "";
        } catch (IOException | RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// @param sites in the order of the file, at most one of a method
    /// @throws IllegalArgumentException when one has an [#obstacle]
    public static byte[] write(ClassFile file, List<ProbeSite> sites) throws IOException {
        ConstantPool constants = new ConstantPool(file.constantCount());
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(rest);
        int copied = file.afterConstants();
        for (ProbeSite site : sites) {
            ClassFile.Code old = site.method().code();
            if (old == null) {
                throw new IllegalArgumentException("it has no code");
            }
            byte[] code = new ProbedMethod(file, site, constants).write();
            out.write(file.array(), copied, old.lengthAt() - copied);
            out.writeInt(code.length);
            out.write(code);
            copied = old.to();
        }
        out.write(file.array(), copied, file.array().length - copied);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream whole = new DataOutputStream(bytes);
        whole.write(file.array(), 0, 8);
        whole.writeShort(constants.end());
        whole.write(file.array(), 10, file.afterConstants() - 10);
        whole.write(constants.bytes());
        rest.writeTo(whole);
        return bytes.toByteArray();
    }
}
