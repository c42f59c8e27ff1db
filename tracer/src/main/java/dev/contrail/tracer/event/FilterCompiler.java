// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.GeneratedClass;
import dev.contrail.tracer.filter.Expression;
import dev.contrail.tracer.filter.ExpressionParser;
import dev.contrail.tracer.filter.FieldReader;
import dev.contrail.tracer.filter.FilterException;
import dev.contrail.tracer.ring.EventField;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes filters of expressions: hidden classes, which are unloaded when nobody uses them. An event
/// is accepted when one of the expressions is true for it. Link thread.
public final class FilterCompiler {
    private static final MethodHandles.Lookup OURS = MethodHandles.lookup();
    private static final String FILTER = CodeWriter.internalName(TargetFilter.class);
    private static final String READING = CodeWriter.internalName(TargetFilter.Reading.class);
    private static final MethodType OF_READER =
            MethodType.methodType(boolean.class, FieldReader.class);

    /// The classes with a method of these fields that there are: as many as sequences of types, of
    /// events that have had a filter. They are not hidden, as those that record name them.
    private static final Map<String, Class<?>> SHAPES = new HashMap<>();

    private FilterCompiler() {}

    /// A filter of events with those fields.
    ///
    /// @param texts one expression at least, of LTTng's grammar
    /// @throws FilterException when one makes no sense, or is too large
    public static TargetFilter compile(List<String> texts, List<EventField> fields)
            throws FilterException {
        List<Class<?>> types = new ArrayList<>();
        for (EventField field : fields) {
            types.add(EventSignature.classOf(field.type()));
        }
        MethodType method = MethodType.methodType(boolean.class, types);
        return make(texts, fields, shape(types, method), method);
    }

    /// A filter that reads of the fields what it needs.
    ///
    /// @param texts one expression at least, of LTTng's grammar
    /// @throws FilterException when one makes no sense, or is too large
    public static TargetFilter.Reading compileReading(List<String> texts, List<EventField> fields)
            throws FilterException {
        return (TargetFilter.Reading) make(texts, fields, READING, OF_READER);
    }

    private static List<Expression> parse(List<String> texts) throws FilterException {
        List<Expression> parsed = new ArrayList<>();
        for (String text : texts) {
            parsed.add(ExpressionParser.parse(text));
        }
        return parsed;
    }

    private static TargetFilter make(
            List<String> texts, List<EventField> fields, String superName, MethodType method)
            throws FilterException {
        try {
            FilterWriter writer = new FilterWriter(superName, fields, method);
            byte[] file = writer.write(parse(texts));
            MethodHandles.Lookup inside =
                    OURS.defineHiddenClassWithClassData(file, writer.constants(), true);
            MethodHandle constructor =
                    inside.findConstructor(inside.lookupClass(), MethodType.methodType(void.class));
            return (TargetFilter) constructor.invoke();
        } catch (FilterException e) {
            throw e;
        } catch (Throwable e) { // too large for a method; or no class can be made here
            throw new FilterException("the filter cannot be compiled: " + e);
        }
    }

    private static synchronized String shape(List<Class<?>> types, MethodType method)
            throws FilterException {
        String name = FilterWriter.shapeName(types);
        if (SHAPES.containsKey(name)) {
            return name;
        }
        GeneratedClass made =
                new GeneratedClass(
                        GeneratedClass.PUBLIC_ABSTRACT_SUPER_SYNTHETIC, name, FILTER, null);
        made.constructor();
        made.abstractMethod(FilterWriter.ACCEPTS, method.toMethodDescriptorString());
        try {
            SHAPES.put(name, OURS.defineClass(made.file()));
        } catch (IllegalAccessException | LinkageError e) {
            throw new FilterException("no filter can be made here: " + e);
        }
        return name;
    }
}
