// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/// What was wrong with an event interface. Binding goes on: an event interface never stops a
/// program.
public final class Problems {
    private static final int MOST_TOLD = 8;

    private final List<String> texts = new ArrayList<>();
    private String nameless = "";

    public Problems() {}

    void refuse(Method method, String problem, String fix) {
        texts.add(
                "%s.%s is not recorded: it %s; %s"
                        .formatted(ownerOf(method), method.getName(), problem, fix));
    }

    void say(Method method, String problem, String fix) {
        texts.add("%s.%s %s; %s".formatted(ownerOf(method), method.getName(), problem, fix));
    }

    /// Of the interface as a whole: before what is said of its methods.
    void say(String problem) {
        texts.add(0, problem);
    }

    void hasNoNames(Method method) {
        nameless = ownerOf(method);
    }

    private static String ownerOf(Method method) {
        return method.getDeclaringClass().getName();
    }

    /// The first of them, and how many more there are, without the next; empty when there is none.
    public String text() {
        int told = Math.min(texts.size(), MOST_TOLD);
        String text = String.join("; ", texts.subList(0, told));
        return told == texts.size() ? text : text + "; and " + (texts.size() - told) + " more";
    }

    /// Says how to get the names of fields, when they were not to be had; else empty.
    public String aboutNames() {
        if (nameless.isEmpty()) {
            return "";
        }
        return "the fields of "
                + nameless
                + " are arg0, arg1, …: for their names compile it with -parameters, or give each"
                + " parameter a @Field(\"name\")";
    }
}
