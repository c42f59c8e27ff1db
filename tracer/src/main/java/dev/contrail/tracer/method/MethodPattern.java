// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.tap.ClassFile;
import dev.contrail.tracer.tap.Descriptor;
import dev.contrail.tracer.tap.Glob;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which methods a rule means: `CLASS.METHOD(ARGUMENTS)`.
///
/// In class and method `*` stands for any characters, dots included. Inner classes are named as the
/// JVM does, with `$`. The list of arguments is `(*)`, or missing, for any; `()` for none; or types
/// separated by commas, each with its package or without. Names that begin with `<`, those of
/// constructors, are meant only by patterns that do.
public final class MethodPattern {
    private static final int MOST_SHOWN = 6;

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

    /// What a class that is meant has instead of a method that is.
    ///
    /// @param className with dots
    String others(String className, List<ClassFile.Method> all) {
        Set<String> named = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        for (ClassFile.Method each : all) {
            if (each.name().startsWith("<") != methods.startsWith("<")) {
                continue;
            }
            if (Glob.matches(methods, each.name())) {
                StringJoiner types = new StringJoiner(",", each.name() + "(", ")");
                for (String type : Descriptor.of(each.descriptor()).parameters()) {
                    types.add(Descriptor.name(type));
                }
                named.add(types.toString());
            }
            names.add(each.name());
        }
        Set<String> shown = named.isEmpty() ? names : named;
        String some = shown.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
        return "%s is, and has %s%s"
                .formatted(
                        className,
                        shown.isEmpty() ? "none that can be recorded" : some,
                        shown.size() > MOST_SHOWN ? ", …" : "");
    }

    /// Whether a class that is not meant may have been: it is in another package, or was written
    /// with a dot before an inner class.
    ///
    /// @param name with dots
    boolean isNear(String name) {
        String dotted = name.replace('$', '.');
        String wanted = classes.replace('$', '.');
        return wanted.indexOf('*') < 0 && (dotted.equals(wanted) || dotted.endsWith("." + wanted));
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
