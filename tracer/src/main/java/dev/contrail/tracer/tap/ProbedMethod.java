// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.ConstantPool;
import dev.contrail.tracer.tap.FullFrames.Frame;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// A method's Code attribute with calls of a probe: at the entry, before each return, and where an
/// exception leaves it. In the words of Java:
///
/// ```java
/// long start;
/// try { start = enter(); } catch (Throwable e) { lost += 2; start = 0; }
/// try {
///     …
///     { result = …; try { exit(start); } catch (Throwable e) { lost += start > 0; } return result; }
///     …
/// } catch (Throwable t) {
///     try { thrown(start, t); } catch (Throwable e) { lost += start > 0; }
///     throw t;
/// }
/// ```
///
/// Nothing that a call of the probe throws gets out, and counting takes no call: there may be no
/// stack for one. In a constructor all that begins behind the call of another one: before it there
/// is no object. What was there in the method stays, in its order; the two locals are new ones
/// behind its own, which the frames have to say.
final class ProbedMethod {
    private static final int GOTO_W = 0xc8;
    private static final int INVOKESPECIAL = 0xb7;
    private static final int NEW = 0xbb;
    private static final int POP = CodeWriter.POP;
    private static final int ACONST_NULL = 1;

    /// Class files with frames begin with Java 6.
    private static final int FIRST_WITH_FRAMES = 50;

    /// What the calls have on the stack beside what is there; [ProbeCalls#entry] most of it.
    private static final int EXTRA_STACK = 14;

    private final ClassFile file;
    private final ClassFile.Code attribute;
    private final ClassFile.Method method;
    private final ConstantPool constants;
    private final ByteBuffer in;
    private final ProbeCalls calls;
    private final int locals;
    private final int entry;
    private final List<Frame> frames;
    private final List<Integer> entryLocals;
    private final CodeLayout layout;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final List<int[]> handlers = new ArrayList<>();
    private final TreeMap<Integer, Frame> written = new TreeMap<>();

    /// @throws IllegalArgumentException when it cannot be done, with the reason after "it"
    @SuppressWarnings("NullAway") // a method without code is refused
    ProbedMethod(ClassFile file, ProbeSite site, ConstantPool constants) {
        this.file = file;
        this.method = site.method();
        this.attribute = method.code();
        this.constants = constants;
        this.in = file.bytes();
        this.locals = file.u2(attribute.from() + 2);
        this.calls = new ProbeCalls(constants, site, locals);
        List<Integer> initial = initialLocals();
        this.frames = readFrames(initial);
        boolean isConstructor = method.name().equals("<init>");
        this.entry = isConstructor ? afterOtherConstructor() : 0;
        this.entryLocals = isConstructor ? localsBehind(initial) : initial;
        this.layout = new CodeLayout(file, attribute, entry, calls.entry(), calls.exit());
    }

    private List<Integer> initialLocals() {
        List<Integer> types = new ArrayList<>();
        if (method.name().equals("<init>")) {
            types.add(FullFrames.UNINITIALIZED_THIS);
        } else if (!method.isStatic()) {
            types.add(FullFrames.object(file.thisClass()));
        }
        for (String type : Descriptor.of(method.descriptor()).parameters()) {
            types.add(
                    switch (type.charAt(0)) {
                        case 'J' -> FullFrames.LONG;
                        case 'D' -> 3;
                        case 'F' -> 2;
                        case 'L', '[' ->
                                FullFrames.object(constants.classNamed(ProbeCalls.className(type)));
                        default -> 1;
                    });
        }
        return types;
    }

    private List<Frame> readFrames(List<Integer> initial) {
        int table = attribute("StackMapTable");
        return table < 0 ? List.of() : FullFrames.read(file, table, initial);
    }

    /// Where the content of one of the code's attributes begins; negative when it has none.
    private int attribute(String name) {
        int at = attributes();
        int count = file.u2(at);
        at += 2;
        for (int i = 0; i < count; i++) {
            if (file.utf8(file.u2(at)).equals(name)) {
                return at + 6;
            }
            at += 6 + in.getInt(at + 2);
        }
        return -1;
    }

    private int ranges() {
        return attribute.from() + 8 + attribute.length();
    }

    private int attributes() {
        return ranges() + 2 + 8 * file.u2(ranges());
    }

    /// The instruction behind the one call of another constructor of this object.
    private int afterOtherConstructor() {
        int from = attribute.from() + 8;
        int unfinished = 0;
        for (int at = 0; at < attribute.length(); at += Instructions.length(in, from, at)) {
            int opcode = in.get(from + at) & 0xff;
            if (opcode == NEW) {
                unfinished++;
            } else if (Instructions.isStore(opcode)) {
                break;
            } else if (opcode == INVOKESPECIAL
                    && file.methodAt(file.u2(from + at + 1)).startsWith("<init>(")
                    && unfinished-- == 0) {
                return checked(at + 3);
            }
        }
        throw new IllegalArgumentException("it does more than it usually may before super(…)");
    }

    private int checked(int behind) {
        for (Frame frame : frames) {
            if (frame.at() >= behind && frame.hasUninitializedThis()) {
                throw new IllegalArgumentException("it calls super(…) in several places");
            }
        }
        return behind;
    }

    private List<Integer> localsBehind(List<Integer> initial) {
        List<Integer> types = initial;
        for (Frame frame : frames) {
            types = frame.at() < entry ? frame.locals() : types;
        }
        List<Integer> initialized = new ArrayList<>(types);
        initialized.replaceAll(type ->
                type == FullFrames.UNINITIALIZED_THIS ? FullFrames.object(file.thisClass()) : type);
        return initialized;
    }

    /// The content of the attribute.
    byte[] write() throws IOException {
        layout.write(code);
        int body = layout.moved(entry);
        int bodyEnd = layout.moved(attribute.length());
        for (Frame frame : frames) {
            boolean isBefore = frame.at() < entry;
            List<Integer> types =
                    isBefore ? frame.locals() : FullFrames.withLong(frame.locals(), locals);
            put(layout.moved(frame.at()), types, frame.stack());
        }
        if (!written.containsKey(body)) {
            put(body, FullFrames.withLong(entryLocals, locals), List.of());
        }
        int throwable = FullFrames.object(constants.classNamed("java/lang/Throwable"));
        List<Integer> ours = FullFrames.withLong(List.of(), locals);
        int entrySize = calls.entry().length;
        writeEntryFailed(body, entrySize, throwable);
        writeExitFailed(ours, throwable);
        copyRanges();
        writeThrown(body, bodyEnd, ours, throwable);
        if (code.size() > CodeLayout.MAX_CODE - 1) {
            throw new IllegalArgumentException("it is too long");
        }
        return assemble();
    }

    private void put(int at, List<Integer> types, List<Integer> stack) {
        written.put(at, new Frame(at, types, stack));
    }

    private void writeEntryFailed(int body, int entrySize, int throwable) throws IOException {
        int at = code.size();
        handle(body - entrySize, body, at);
        int end = writeFailed(entryLocals, throwable, true);
        CodeWriter out = new CodeWriter(constants).op(POP);
        calls.clearStart(out);
        int jump = end + out.position();
        out.op(GOTO_W);
        code.write(out.instructions());
        new DataOutputStream(code).writeInt(body - jump);
    }

    /// Counts, and goes on behind it, with an exception on the stack, also where that fails.
    private int writeFailed(List<Integer> types, int throwable, boolean isEntry)
            throws IOException {
        int at = code.size();
        CodeWriter out = new CodeWriter(constants).op(POP);
        calls.countLost(out, isEntry);
        code.write(out.op(ACONST_NULL).instructions());
        handle(at, code.size(), code.size());
        put(at, types, List.of(throwable));
        put(code.size(), types, List.of(throwable));
        return code.size();
    }

    private void writeExitFailed(List<Integer> ours, int throwable) throws IOException {
        if (layout.returns() == 0) {
            return;
        }
        for (int at : layout.places()) {
            handle(at + calls.exitBegin(), at + calls.exit().length - calls.exitEnd(), code.size());
        }
        List<Integer> types = new ArrayList<>(ours);
        types.addAll(calls.resultTypes());
        writeFailed(types, throwable, false);
        CodeWriter out = new CodeWriter(constants).op(POP);
        calls.returnResult(out);
        code.write(out.instructions());
    }

    private void writeThrown(int body, int bodyEnd, List<Integer> ours, int throwable)
            throws IOException {
        handle(body, bodyEnd, code.size());
        put(code.size(), ours, List.of(throwable));
        CodeWriter out = new CodeWriter(constants);
        calls.storeThrown(out);
        int from = code.size() + out.position();
        calls.thrown(out);
        int to = code.size() + out.position();
        calls.rethrow(out);
        code.write(out.instructions());
        handle(from, to, code.size());
        List<Integer> types = new ArrayList<>(ours);
        types.add(throwable);
        writeFailed(types, throwable, false);
        CodeWriter again = new CodeWriter(constants).op(POP);
        calls.rethrow(again);
        code.write(again.instructions());
    }

    private void handle(int from, int to, int handler) {
        handlers.add(new int[] {from, to, handler, 0});
    }

    private void copyRanges() {
        int at = ranges() + 2;
        for (int i = 0; i < file.u2(ranges()); i++, at += 8) {
            handlers.add(
                    new int[] {
                        layout.moved(file.u2(at)),
                        layout.moved(file.u2(at + 2)),
                        layout.moved(file.u2(at + 4)),
                        file.u2(at + 6)
                    });
        }
    }

    private byte[] assemble() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(file.u2(attribute.from()) + EXTRA_STACK);
        out.writeShort(locals + calls.locals());
        out.writeInt(code.size());
        code.writeTo(out);
        out.writeShort(handlers.size());
        for (int[] handler : handlers) {
            for (int each : handler) {
                out.writeShort(each);
            }
        }
        writeAttributes(out);
        return bytes.toByteArray();
    }

    private void writeAttributes(DataOutputStream out) throws IOException {
        CodeAttributes kept = new CodeAttributes(file, layout);
        int at = attributes() + 2;
        for (int i = 0; i < file.u2(attributes()); i++) {
            kept.move(file.u2(at), at + 6);
            at += 6 + in.getInt(at + 2);
        }
        if (file.version() >= FIRST_WITH_FRAMES) {
            byte[] table = FullFrames.write(List.copyOf(written.values()), layout.moved());
            kept.add(constants.utf8("StackMapTable"), table);
        }
        kept.write(out);
    }
}
