// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.ConstantPool;
import java.util.ArrayList;
import java.util.List;

/// The instructions by which a method calls its probe.
///
/// ```java
/// long start = ContrailProbe.ALL[17].enter();                      // at the entry
/// long start = ContrailProbe.ALL[17].enter(i, 0, 0, 0, o, null, null, null);
///
/// ContrailProbe.ALL[17].exit(start);                               // before each return
/// ContrailProbe.ALL[17].exit(start, result);
///
/// ContrailProbe.ALL[17].thrown(start, exception);                  // at an exception
///
/// ContrailProbe.LOST[17] += 2;                                     // where the first failed
/// ContrailProbe.LOST[17] += Long.compare(start, 0);                // where another one failed
/// ```
final class ProbeCalls {
    private static final int FSTORE = 56;
    private static final int DSTORE = 57;
    private static final int AALOAD = 50;
    private static final int LALOAD = 47;
    private static final int LASTORE = 80;
    private static final int DUP2 = 92;
    private static final int I2L = 133;
    private static final int F2D = 141;
    private static final int ACONST_NULL = 1;
    private static final int IRETURN = 172;

    private final ConstantPool constants;
    private final ProbeSite site;
    private final Descriptor descriptor;

    /// Locals of our own: the start time, which takes two, and a value.
    private final int start;

    private final int value;

    ProbeCalls(ConstantPool constants, ProbeSite site, int firstLocal) {
        this.constants = constants;
        this.site = site;
        this.descriptor = Descriptor.of(site.method().descriptor());
        this.start = firstLocal;
        this.value = firstLocal + 2;
    }

    int locals() {
        return 2 + Math.max(1, Descriptor.slots(descriptor.returns()));
    }

    private CodeWriter code() {
        return new CodeWriter(constants);
    }

    private CodeWriter pushProbe(CodeWriter code) {
        code.field(CodeWriter.GETSTATIC, ProbeClass.NAME, ProbeClass.ALL, ProbeClass.ALL_TYPE);
        return code.push(site.probe()).op(AALOAD);
    }

    private static CodeWriter call(CodeWriter code, String name, String type, int slots) {
        return code.callInterface(ProbeClass.NAME, name, type, slots);
    }

    byte[] entry() {
        CodeWriter code = pushProbe(code());
        if (site.arguments().isEmpty()) {
            call(code, ProbeClass.ENTER, ProbeClass.ENTER_TYPE, 1);
            return code.local(CodeWriter.LSTORE, start).instructions();
        }
        List<Integer> numbers = new ArrayList<>();
        List<Integer> objects = new ArrayList<>();
        for (int argument : site.arguments()) {
            (isPrimitive(argument) ? numbers : objects).add(argument);
        }
        if (Math.max(numbers.size(), objects.size()) > ProbeSite.MOST) {
            throw new IllegalArgumentException("more arguments than a probe takes");
        }
        for (int i = 0; i < ProbeSite.MOST; i++) {
            if (i < numbers.size()) {
                String type = descriptor.parameters().get(numbers.get(i));
                pushNumber(code, type, local(numbers.get(i)));
            } else {
                code.op(CodeWriter.LCONST_0);
            }
        }
        for (int i = 0; i < ProbeSite.MOST; i++) {
            if (i < objects.size()) {
                code.local(CodeWriter.ALOAD, local(objects.get(i)));
            } else {
                code.op(ACONST_NULL);
            }
        }
        call(code, ProbeClass.ENTER, ProbeClass.ENTER_WITH_TYPE, 1 + 3 * ProbeSite.MOST);
        return code.local(CodeWriter.LSTORE, start).instructions();
    }

    private boolean isPrimitive(int argument) {
        return argument != ProbeSite.THIS && kind(descriptor.parameters().get(argument)) != 'A';
    }

    private int local(int argument) {
        int local = site.method().isStatic() ? 0 : 1;
        for (int i = 0; i < argument; i++) {
            local += Descriptor.slots(descriptor.parameters().get(i));
        }
        return argument == ProbeSite.THIS ? 0 : local;
    }

    private static void pushNumber(CodeWriter code, String type, int local) {
        switch (type) {
            case "J" -> code.local(CodeWriter.LLOAD, local);
            case "F" -> bits(code.local(CodeWriter.FLOAD, local).op(F2D));
            case "D" -> bits(code.local(CodeWriter.DLOAD, local));
            default -> code.local(CodeWriter.ILOAD, local).op(I2L);
        }
    }

    private static void bits(CodeWriter code) {
        code.call(CodeWriter.INVOKESTATIC, "java/lang/Double", "doubleToRawLongBits", "(D)J");
    }

    /// The return with what comes before it.
    byte[] exit() {
        CodeWriter code = code();
        String type = descriptor.returns();
        storeResult(code);
        pushProbe(code).local(CodeWriter.LLOAD, start);
        if (!site.givesResult() || type.equals("V")) {
            call(code, ProbeClass.EXIT, ProbeClass.EXIT_TYPE, 3);
        } else if (kind(type) == 'A') {
            code.local(CodeWriter.ALOAD, value);
            call(code, ProbeClass.EXIT, ProbeClass.EXIT_OBJECT_TYPE, 4);
        } else {
            pushNumber(code, type, value);
            call(code, ProbeClass.EXIT, ProbeClass.EXIT_NUMBER_TYPE, 5);
        }
        returnResult(code);
        return code.instructions();
    }

    /// How long what is stored before the call is, and what returns after it.
    int exitBegin() {
        CodeWriter code = code();
        storeResult(code);
        return code.position();
    }

    int exitEnd() {
        CodeWriter code = code();
        returnResult(code);
        return code.position();
    }

    /// `I`, `J`, `F`, `D`, `V` or, for all objects, `A`.
    private static char kind(String type) {
        char kind = type.charAt(0);
        if (kind == 'L' || kind == '[') {
            return 'A';
        }
        return "JFDV".indexOf(kind) >= 0 ? kind : 'I';
    }

    private void storeResult(CodeWriter code) {
        int store =
                switch (kind(descriptor.returns())) {
                    case 'I' -> CodeWriter.ISTORE;
                    case 'J' -> CodeWriter.LSTORE;
                    case 'F' -> FSTORE;
                    case 'D' -> DSTORE;
                    case 'A' -> CodeWriter.ASTORE;
                    default -> 0;
                };
        if (store != 0) {
            code.local(store, value);
        }
    }

    void returnResult(CodeWriter code) {
        switch (kind(descriptor.returns())) {
            case 'I' -> code.local(CodeWriter.ILOAD, value).op(IRETURN);
            case 'J' -> code.local(CodeWriter.LLOAD, value).op(IRETURN + 1);
            case 'F' -> code.local(CodeWriter.FLOAD, value).op(IRETURN + 2);
            case 'D' -> code.local(CodeWriter.DLOAD, value).op(IRETURN + 3);
            case 'A' -> code.local(CodeWriter.ALOAD, value).op(IRETURN + 4);
            default -> code.op(CodeWriter.RETURN);
        }
    }

    /// The verification types of the value that is returned, in a local.
    List<Integer> resultTypes() {
        return switch (kind(descriptor.returns())) {
            case 'I' -> List.of(1);
            case 'F' -> List.of(2);
            case 'D' -> List.of(3);
            case 'J' -> List.of(FullFrames.LONG);
            case 'A' ->
                    List.of(
                            FullFrames.object(
                                    constants.classNamed(className(descriptor.returns()))));
            default -> List.of();
        };
    }

    /// What a class constant says of the type.
    static String className(String type) {
        return type.startsWith("[") ? type : type.substring(1, type.length() - 1);
    }

    void storeThrown(CodeWriter code) {
        code.local(CodeWriter.ASTORE, value);
    }

    void thrown(CodeWriter code) {
        pushProbe(code).local(CodeWriter.LLOAD, start).local(CodeWriter.ALOAD, value);
        call(code, ProbeClass.THROWN, ProbeClass.THROWN_TYPE, 4);
    }

    void rethrow(CodeWriter code) {
        code.local(CodeWriter.ALOAD, value).op(0xbf);
    }

    /// An exit counts where its entry was wanted, and is not lost already.
    void countLost(CodeWriter code, boolean isEntry) {
        code.field(CodeWriter.GETSTATIC, ProbeClass.NAME, ProbeClass.LOST, "[J");
        code.push(site.probe()).op(DUP2).op(LALOAD);
        if (isEntry) {
            code.pushLong(2);
        } else {
            code.local(CodeWriter.LLOAD, start).op(CodeWriter.LCONST_0).op(CodeWriter.LCMP).op(I2L);
        }
        code.op(CodeWriter.LADD).op(LASTORE);
    }

    void clearStart(CodeWriter code) {
        code.op(CodeWriter.LCONST_0).local(CodeWriter.LSTORE, start);
    }
}
