// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static dev.contrail.tracer.code.CodeWriter.ALOAD;
import static dev.contrail.tracer.code.CodeWriter.DCMPG;
import static dev.contrail.tracer.code.CodeWriter.DCMPL;
import static dev.contrail.tracer.code.CodeWriter.GOTO;
import static dev.contrail.tracer.code.CodeWriter.ICONST_0;
import static dev.contrail.tracer.code.CodeWriter.ICONST_1;
import static dev.contrail.tracer.code.CodeWriter.IFEQ;
import static dev.contrail.tracer.code.CodeWriter.IFGE;
import static dev.contrail.tracer.code.CodeWriter.IFGT;
import static dev.contrail.tracer.code.CodeWriter.IFLE;
import static dev.contrail.tracer.code.CodeWriter.IFLT;
import static dev.contrail.tracer.code.CodeWriter.IFNE;
import static dev.contrail.tracer.code.CodeWriter.IFNULL;
import static dev.contrail.tracer.code.CodeWriter.INVOKESTATIC;
import static dev.contrail.tracer.code.CodeWriter.INVOKEVIRTUAL;
import static dev.contrail.tracer.code.CodeWriter.IRETURN;
import static dev.contrail.tracer.code.CodeWriter.L2D;
import static dev.contrail.tracer.code.CodeWriter.L2I;
import static dev.contrail.tracer.code.CodeWriter.LAND;
import static dev.contrail.tracer.code.CodeWriter.LCMP;
import static dev.contrail.tracer.code.CodeWriter.LCONST_0;
import static dev.contrail.tracer.code.CodeWriter.LCONST_1;
import static dev.contrail.tracer.code.CodeWriter.LXOR;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.CodeWriter.Label;
import dev.contrail.tracer.filter.ContextSource;
import dev.contrail.tracer.filter.Expression;
import dev.contrail.tracer.filter.Expression.Binary;
import dev.contrail.tracer.filter.Expression.Pattern;
import dev.contrail.tracer.filter.Expression.Unary;
import dev.contrail.tracer.filter.FieldReader;
import dev.contrail.tracer.filter.ValueKind;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.lang.invoke.MethodType;
import java.util.List;

/// Writes the method that evaluates one expression: straight-line code with jumps forward.
///
/// At each jump and label the operand stack is empty. What is worth more than a load or two is kept
/// in a local variable while the other operand is computed. Whatever has no value, or cannot be
/// computed, jumps to where the whole expression is false.
final class FilterCode {
    /// Two operands, of which the second may itself have some on top of each other.
    static final int MAX_STACK = 24;

    /// How deep operands are computed on the stack.
    private static final int SIMPLE_DEPTH = 4;

    private static final String STRING = "java/lang/String";
    private static final String FILTER = CodeWriter.internalName(TargetFilter.class);
    private static final String READER = CodeWriter.internalName(FieldReader.class);
    private static final String CONTEXT = FilterConstants.CONTEXT;

    private final CodeWriter code;
    private final List<EventField> fields;
    private final MethodType method;
    private final FilterKinds kinds;
    private final FilterConstants constants;
    private final FilterLocals locals;
    private final Label isFalse = new Label();

    FilterCode(
            CodeWriter code,
            List<EventField> fields,
            MethodType method,
            FilterKinds kinds,
            FilterConstants constants) {
        this.code = code;
        this.fields = fields;
        this.method = method;
        this.kinds = kinds;
        this.constants = constants;
        this.locals = new FilterLocals(code, method.parameterList());
    }

    int maxLocals() {
        return locals.most();
    }

    /// All of it.
    ///
    /// @param expression an integer
    void write(Expression expression) {
        jump(expression, isFalse, false);
        code.op(ICONST_1).op(IRETURN);
        locals.place(isFalse);
        code.op(ICONST_0).op(IRETURN);
    }

    /// Jumps to `target` if the expression, as a truth, is `when`; else goes on after it.
    private void jump(Expression expression, Label target, boolean when) {
        if (expression instanceof Unary unary && unary.operator().equals("!")) {
            jumpIfNot(unary.operand(), target, when);
        } else if (expression instanceof Binary binary && isJunction(binary)) {
            boolean decides = binary.operator().equals("||"); // which truth of one is that of both
            if (decides == when) {
                jump(binary.left(), target, when);
                jump(binary.right(), target, when);
            } else {
                Label decided = new Label();
                jump(binary.left(), decided, decides);
                jump(binary.right(), target, when);
                locals.place(decided);
            }
        } else if (expression instanceof Binary binary && isComparison(binary)) {
            jumpOnComparison(binary, target, when);
        } else if (kinds.of(expression) == ValueKind.REAL) {
            // Cast to an integer by LTTng: false from -1 to 1, true if it is none.
            push(expression, ValueKind.REAL);
            code.call(INVOKESTATIC, "java/lang/Math", "abs", "(D)D");
            code.op(CodeWriter.DCONST_1).op(DCMPG).jump(when ? IFGE : IFLT, target);
        } else {
            push(expression, ValueKind.INTEGER);
            code.op(LCONST_0).op(LCMP).jump(when ? IFNE : IFEQ, target);
        }
    }

    private void jumpIfNot(Expression operand, Label target, boolean when) {
        if (kinds.of(operand) == ValueKind.REAL) {
            push(operand, ValueKind.REAL);
            code.op(CodeWriter.DCONST_0).op(DCMPL).jump(when ? IFEQ : IFNE, target);
        } else {
            jump(operand, target, !when);
        }
    }

    private static boolean isJunction(Binary binary) {
        return binary.operator().equals("&&") || binary.operator().equals("||");
    }

    private static boolean isComparison(Binary binary) {
        return switch (binary.operator()) {
            case "==", "!=", "<", "<=", ">", ">=" -> true;
            default -> false;
        };
    }

    private void jumpOnComparison(Binary binary, Label target, boolean when) {
        ValueKind left = kinds.of(binary.left());
        ValueKind right = kinds.of(binary.right());
        if (isOfTexts(binary)) {
            pushIsEqual(binary.left(), binary.right());
            code.jump(when == binary.operator().equals("==") ? IFNE : IFEQ, target);
        } else if (left == ValueKind.ANY || right == ValueKind.ANY) {
            fail();
        } else if (left == ValueKind.REAL || right == ValueKind.REAL) {
            pushBoth(binary, ValueKind.REAL);
            // A NaN compares false: what the comparison makes of it must not hold.
            code.op(binary.operator().startsWith("<") ? DCMPG : DCMPL);
            code.jump(jumpFor(binary.operator(), when), target);
        } else {
            pushBoth(binary, ValueKind.INTEGER);
            code.op(LCMP).jump(jumpFor(binary.operator(), when), target);
        }
    }

    private boolean isOfTexts(Binary binary) {
        boolean isEquality = binary.operator().equals("==") || binary.operator().equals("!=");
        return isEquality && kinds.mayBeText(binary.left()) && kinds.mayBeText(binary.right());
    }

    /// The jump on the result of a comparison that is taken if `operator` holds, or does not.
    private static int jumpFor(String operator, boolean holds) {
        return switch (operator) {
            case "==" -> holds ? IFEQ : IFNE;
            case "!=" -> holds ? IFNE : IFEQ;
            case "<" -> holds ? IFLT : IFGE;
            case "<=" -> holds ? IFLE : IFGT;
            case ">" -> holds ? IFGT : IFLE;
            default -> holds ? IFGE : IFLT;
        };
    }

    /// Whether two texts are equal, or one is as a pattern says.
    private void pushIsEqual(Expression left, Expression right) {
        if (left instanceof Pattern pattern) {
            pushMatches(pattern, right);
        } else if (right instanceof Pattern pattern) {
            pushMatches(pattern, left);
        } else {
            pushBoth(left, right, ValueKind.TEXT);
            code.call(INVOKEVIRTUAL, STRING, "equals", "(Ljava/lang/Object;)Z");
        }
    }

    private void pushMatches(Pattern pattern, Expression text) {
        List<String> parts = pattern.parts();
        String first = parts.get(0);
        if (parts.size() == 1) {
            push(text, ValueKind.TEXT);
            code.pushText(first);
            code.call(INVOKEVIRTUAL, STRING, "equals", "(Ljava/lang/Object;)Z");
        } else if (parts.size() == 2 && parts.get(1).isEmpty()) {
            push(text, ValueKind.TEXT);
            code.pushText(first);
            code.call(INVOKEVIRTUAL, STRING, "startsWith", "(L" + STRING + ";)Z");
        } else {
            FilterLocals.Local kept = locals.keep(() -> push(text, ValueKind.TEXT), ValueKind.TEXT);
            constants.push(code, pattern);
            locals.load(kept);
            locals.forget(kept);
            code.call(INVOKEVIRTUAL, FilterConstants.PATTERN, "matches", "(L" + STRING + ";)Z");
        }
    }

    private void pushBoth(Binary binary, ValueKind as) {
        pushBoth(binary.left(), binary.right(), as);
    }

    private void pushBoth(Expression left, Expression right, ValueKind as) {
        if (isSimple(right, SIMPLE_DEPTH)) {
            push(left, as);
            push(right, as);
            return;
        }
        FilterLocals.Local one = locals.keep(() -> push(left, as), as);
        FilterLocals.Local other = locals.keep(() -> push(right, as), as);
        locals.load(one);
        locals.load(other);
        locals.forget(other);
        locals.forget(one);
    }

    /// Whether it can be computed on top of another operand, without a jump.
    private boolean isSimple(Expression part, int depth) {
        if (part instanceof Unary unary) {
            return depth > 0
                    && !unary.operator().equals("!")
                    && kinds.of(unary) != ValueKind.ANY
                    && isSimple(unary.operand(), depth - 1);
        }
        if (part instanceof Binary binary) {
            return depth > 0
                    && "&|^".contains(binary.operator())
                    && isSimple(binary.left(), depth - 1)
                    && isSimple(binary.right(), depth - 1);
        }
        return !(part instanceof Expression.Context) || kinds.of(part) == ValueKind.INTEGER;
    }

    /// The value of a part on the stack, which holds nothing else if the part is not simple.
    private void push(Expression part, ValueKind as) {
        ValueKind kind = kinds.of(part);
        if (kind == ValueKind.ANY && !(as == ValueKind.TEXT && kinds.mayBeText(part))) {
            fail();
            code.op(LCONST_0);
            kind = ValueKind.INTEGER;
        } else if (part instanceof Expression.Constant constant) {
            pushConstant(constant.value());
        } else if (part instanceof Expression.Field field) {
            pushField(kinds.index(field));
        } else if (part instanceof Expression.Context context) {
            pushContext(context);
        } else if (part instanceof Unary unary && !unary.operator().equals("!")) {
            pushUnary(unary, kind == ValueKind.REAL);
        } else if (part instanceof Binary binary && !isJunction(binary) && !isComparison(binary)) {
            pushBitwise(binary);
        } else {
            pushTruth(part);
        }
        if (kind == ValueKind.INTEGER && as == ValueKind.REAL) {
            code.op(L2D);
        }
    }

    /// What comes after it is not reached, though the verifier thinks so.
    private void fail() {
        code.op(ICONST_0).jump(IFEQ, isFalse);
    }

    private void pushConstant(Object value) {
        if (value instanceof Long number) {
            code.pushLong(number);
        } else {
            code.pushLong(Double.doubleToRawLongBits((Double) value));
            code.call(INVOKESTATIC, "java/lang/Double", "longBitsToDouble", "(J)D");
        }
    }

    private void pushField(int index) {
        boolean isText = fields.get(index).type() == FieldType.STRING;
        if (method.parameterCount() == 1 && method.parameterType(0) == FieldReader.class) {
            code.local(ALOAD, 0).push(index);
            code.callInterface(
                    READER, isText ? "text" : "number", isText ? "(I)L" + STRING + ";" : "(I)J", 2);
        } else {
            int at = 0;
            for (int i = 0; i < index; i++) {
                at += CodeWriter.slots(method.parameterType(i));
            }
            Class<?> type = method.parameterType(index);
            code.local(CodeWriter.load(type), at);
            if (type == float.class) {
                code.op(CodeWriter.F2D);
            } else if (type.isPrimitive() && type != long.class && type != double.class) {
                code.op(CodeWriter.I2L);
            }
        }
        if (isText) {
            code.call(INVOKESTATIC, FILTER, "text", "(L" + STRING + ";)L" + STRING + ";");
        }
    }

    @SuppressWarnings("NullAway") // one that is not there is of no known kind
    private void pushContext(Expression.Context context) {
        ContextSource source = kinds.source(context);
        constants.push(code, source);
        if (source.kind() == ValueKind.INTEGER) {
            code.callInterface(CONTEXT, "number", "()J", 1);
            return;
        }
        FilterLocals.Local kept =
                locals.keep(
                        () -> code.callInterface(CONTEXT, "text", "()L" + STRING + ";", 1),
                        ValueKind.TEXT);
        locals.load(kept);
        code.jump(IFNULL, isFalse);
        locals.load(kept);
        locals.forget(kept);
    }

    private void pushUnary(Unary unary, boolean isReal) {
        push(unary.operand(), isReal ? ValueKind.REAL : ValueKind.INTEGER);
        switch (unary.operator()) {
            case "-" -> code.op(isReal ? CodeWriter.DNEG : CodeWriter.LNEG);
            case "~" -> code.pushLong(-1).op(LXOR);
            default -> {}
        }
    }

    private void pushBitwise(Binary binary) {
        switch (binary.operator()) {
            case "&" -> {
                pushBoth(binary, ValueKind.INTEGER);
                code.op(LAND);
            }
            case "|" -> {
                pushBoth(binary, ValueKind.INTEGER);
                code.op(CodeWriter.LOR);
            }
            case "^" -> {
                pushBoth(binary, ValueKind.INTEGER);
                code.op(LXOR);
            }
            default -> pushShift(binary);
        }
    }

    /// A count beyond 0 to 63 makes the whole expression false.
    private void pushShift(Binary binary) {
        FilterLocals.Local value =
                locals.keep(() -> push(binary.left(), ValueKind.INTEGER), ValueKind.INTEGER);
        FilterLocals.Local count =
                locals.keep(() -> push(binary.right(), ValueKind.INTEGER), ValueKind.INTEGER);
        locals.load(count);
        code.pushLong(~63).op(LAND).op(LCONST_0).op(LCMP).jump(IFNE, isFalse);
        locals.load(value);
        locals.load(count);
        code.op(L2I).op(binary.operator().equals("<<") ? CodeWriter.LSHL : CodeWriter.LUSHR);
        locals.forget(count);
        locals.forget(value);
    }

    /// 1 or 0.
    private void pushTruth(Expression part) {
        Label isNot = new Label();
        Label end = new Label();
        jump(part, isNot, false);
        FilterLocals.Local truth = locals.reserve(ValueKind.INTEGER);
        code.op(LCONST_1);
        locals.store(truth);
        code.jump(GOTO, end);
        locals.place(isNot);
        code.op(LCONST_0);
        locals.store(truth);
        locals.define(truth);
        locals.place(end);
        locals.load(truth);
        locals.forget(truth);
    }
}
