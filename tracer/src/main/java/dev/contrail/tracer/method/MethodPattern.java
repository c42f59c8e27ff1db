// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.tap.Descriptor;
import dev.contrail.tracer.tap.Glob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which methods a rule means: `CLASS.METHOD(ARGUMENTS)`.
///
/// In class and method `*` stands for any characters, dots included. Inner classes are named as the
/// JVM does, with `$`. The list of arguments is `(*)`, or missing, for any; `()` for none; or types
/// separated by commas, each with its package or without. Names that begin with `<`, those of
/// constructors, are meant only by patterns that do.
public final class MethodPattern {
    private final String classes;
    private final String methods;

    /// Null: any.
    private final @Nullable List<String> arguments;

    private MethodPattern(String classes, String methods, @Nullable List<String> arguments) {
        this.classes = classes;
        this.methods = methods;
        this.arguments = arguments;
    }

    /// @throws IllegalArgumentException when it is none, with what is wrong
    public static MethodPattern of(String text) {
        String name = text;
        List<String> arguments = null;
        int open = text.indexOf('(');
        if (open >= 0) {
            if (!text.endsWith(")")) {
                throw new IllegalArgumentException("the list of arguments has no )");
            }
            name = text.substring(0, open);
            String list = text.substring(open + 1, text.length() - 1).replace(" ", "");
            if (list.isEmpty()) {
                arguments = List.of();
            } else if (!list.equals("*")) {
                arguments = List.of(list.split(",", -1));
            }
            if (arguments != null && arguments.stream().anyMatch(MethodPattern::isNoType)) {
                throw new IllegalArgumentException(
                        "want (*), () or the types of all arguments, as (int,java.lang.String)");
            }
        }
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || dot == name.length() - 1 || name.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("want CLASS.METHOD, as com.shop.Cart.add");
        }
        return new MethodPattern(name.substring(0, dot), name.substring(dot + 1), arguments);
    }

    /// What who wrote this probably meant, if there is no such class: all classes of a package;
    /// empty when it does not look so.
    String meant() {
        String last = classes.substring(classes.lastIndexOf('.') + 1);
        boolean isPackage = methods.equals("*") && !last.isEmpty();
        for (int i = 0; i < last.length(); i++) {
            char letter = last.charAt(i);
            isPackage &=
                    Character.isLowerCase(letter) || Character.isDigit(letter) || letter == '_';
        }
        return isPackage
                ? "%1$s.* is every method of a class %1$s; those of the classes of the package are %1$s.*.*"
                        .formatted(classes)
                : "";
    }

    private static boolean isNoType(String text) {
        return text.isEmpty() || text.indexOf('*') >= 0 || text.indexOf('(') >= 0;
    }

    /// @param name with dots
    public boolean matchesClass(String name) {
        return Glob.matches(classes, name);
    }

    /// @param descriptor JVMS 4.3.3
    public boolean matchesMethod(String name, String descriptor) {
        if (name.startsWith("<") != methods.startsWith("<") || !Glob.matches(methods, name)) {
            return false;
        }
        if (arguments == null) {
            return true;
        }
        List<String> parameters = Descriptor.of(descriptor).parameters();
        boolean isSame = parameters.size() == arguments.size();
        for (int i = 0; isSame && i < parameters.size(); i++) {
            String type = Descriptor.name(parameters.get(i));
            String wanted = arguments.get(i);
            isSame = type.equals(wanted) || type.endsWith("." + wanted);
        }
        return isSame;
    }
}
