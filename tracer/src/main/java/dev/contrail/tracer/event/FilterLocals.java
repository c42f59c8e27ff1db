// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static dev.contrail.tracer.code.CodeWriter.ALOAD;
import static dev.contrail.tracer.code.CodeWriter.ASTORE;
import static dev.contrail.tracer.code.CodeWriter.DLOAD;
import static dev.contrail.tracer.code.CodeWriter.DSTORE;
import static dev.contrail.tracer.code.CodeWriter.LLOAD;
import static dev.contrail.tracer.code.CodeWriter.LSTORE;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.CodeWriter.Label;
import dev.contrail.tracer.code.CodeWriter.Type;
import dev.contrail.tracer.filter.ValueKind;
import java.util.ArrayList;
import java.util.List;

/// The local variables of a filter's method: its parameters, then values that are kept for a while,
/// the last one first forgotten.
final class FilterLocals {
    /// A value that is kept.
    record Local(int at, ValueKind kind) {}

    private final CodeWriter code;

    /// Of those that have a value.
    private final List<Type> types = new ArrayList<>();

    private int next;
    private int most;

    FilterLocals(CodeWriter code, List<Class<?>> parameters) {
        this.code = code;
        for (Class<?> type : parameters) {
            types.add(Type.of(type));
            next += CodeWriter.slots(type);
        }
        most = next;
    }

    /// How many there ever were.
    int most() {
        return most;
    }

    /// Keeps what `push` leaves on the stack.
    Local keep(Runnable push, ValueKind kind) {
        push.run();
        Local local = reserve(kind);
        store(local);
        define(local);
        return local;
    }

    /// One that has no value yet: until [#define] no other is made.
    Local reserve(ValueKind kind) {
        Local local = new Local(next, kind);
        next += kind == ValueKind.TEXT ? 1 : 2;
        most = Math.max(most, next);
        return local;
    }

    void store(Local local) {
        code.local(
                switch (local.kind()) {
                    case TEXT -> ASTORE;
                    case REAL -> DSTORE;
                    default -> LSTORE;
                },
                local.at());
    }

    /// It has a value, on all ways to here.
    void define(Local local) {
        types.add(
                switch (local.kind()) {
                    case TEXT -> Type.object("java/lang/String");
                    case REAL -> Type.DOUBLE;
                    default -> Type.LONG;
                });
    }

    void load(Local local) {
        code.local(
                switch (local.kind()) {
                    case TEXT -> ALOAD;
                    case REAL -> DLOAD;
                    default -> LLOAD;
                },
                local.at());
    }

    void forget(Local local) {
        types.remove(types.size() - 1);
        next = local.at();
    }

    /// Puts `label` here; the stack is empty.
    void place(Label label) {
        code.place(label, types, List.of());
    }
}
