// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.util.List;

/// What `help filter` and the manual pages of the readers say of the expressions of `--filter`.
final class FilterPage {
    static final String WORD = "filter";

    /// An expression, and what it takes of the events.
    record Example(String expression, String meaning) {}

    static final List<Example> EXAMPLES =
            List.of(
                    new Example("cents > 1000", "events with a field cents of more than 1000"),
                    new Example("what == \"*oo*\" || order == 3", "text with oo in it, or order 3"),
                    new Example("$name == \"shop:*\" && cents != 250", "by the event's name first"),
                    new Example("$name != \"shop:paid\" && !(order == 2)", "all names but one"),
                    new Example("$host == \"till\" && (cents & 0xff) == 250", "bits of a number"),
                    new Example("$time >= 1000000000500000000", "from that nanosecond on"));

    private static final String BODY =
            """
            view and convert take --filter EXPRESSION, and then only the events for which it is
            true; view --around EXPRESSION shows what is around them. enable-event takes it too:
            then nothing else is recorded. Put it between single quotes, so that the shell leaves
            it as it is.

            What an expression may name:
              cents                 A field of the event; user.name a member, items[0] an element
              $name, $event.name    The event's name, such as shop:paid
              $time                 Its time, in nanoseconds since 1970
              $trace, $host         The name of its trace, and of the host it comes from
              $ctx.cpu_id           A context field, also of the packet
              $app.PROVIDER:NAME    A context field of an application
            enable-event knows neither $name, $time, $trace nor $host, and of context fields those
            that add-context can add, added or not. Fields of log statements are msg, logger_name,
            int_loglevel, thread_name, mdc and others; a filter that names no msg formats none.

            What they are compared with:
              250  -5  0x1f  017    Integers: decimal, hexadecimal, octal
              1.5  2e3              Real numbers
              'a'                   The number of a character
              "tea"  "t*"           Strings, with == and != only; * stands for anything, \\* for
                                    a star. There are no regular expressions

            Operators, those that bind most tightly first; parentheses group:
              - + ! ~               Of one value: minus, plus, not, each bit inverted
              <<  >>  &  ^  |       Of integers, in this order: shifts, and, exclusive or, or
              <  <=  >  >=          Of numbers
              ==  !=                Of numbers or strings
              &&  ||                And, or: the right side counts only where it is needed

            As with LTTng an event is left out that lacks a field which is named, or has a string
            where a number is wanted, whatever the rest of the expression says, also for != and !,
            and also where && or || would not look at it. So too a shift by more than 63, where it
            is looked at. An expression with $name, $time, $trace or $host wants only what it
            looks at. Name the event first where others have a field of the same name:
            '$name == "shop:paid" && status != 200'. So too where || takes events that have not
            the same fields, here of thread 42 in the kernel and in a JVM:
            '$name == "sched_switch" && next_tid == 42 || $ctx.vtid == 42'.
            """;

    private FilterPage() {}

    /// As `help` prints it.
    static String text(String program) {
        var text = new StringBuilder("Filters: which events --filter takes\n\n");
        text.append(BODY).append("\nExamples:\n");
        for (Example each : EXAMPLES) {
            text.append("  %s%n      %s%n".formatted(each.expression, each.meaning));
        }
        text.append("\n  %s view --filter '%s'%n".formatted(program, EXAMPLES.get(2).expression));
        return text.toString();
    }
}
