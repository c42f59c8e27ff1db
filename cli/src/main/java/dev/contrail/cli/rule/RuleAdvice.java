// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.rule;

import dev.contrail.wire.DomainName;
import dev.contrail.wire.LogbackName;
import dev.contrail.wire.PointType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rules that are well formed and can hardly record what was meant: a log system or a method in the
/// place of a tracepoint, a field that log events do not have.
public final class RuleAdvice {
    private static final String METHOD = "method:";

    /// What other systems than ours would be called as Logback is, and the option that means them.
    private static final Map<String, String> SYSTEMS =
            Map.of(
                    "log4j2:", "--log4j2",
                    "log4j:", "--log4j2",
                    "jul:", "-j",
                    "java.util.logging:", "-j");

    /// `CLASS.METHOD`, of which tracepoints have no like: those are `PROVIDER:NAME`.
    private static final Pattern CLASS_METHOD =
            Pattern.compile("[\\w$*]+(\\.[\\w$*]+)*\\.(<init>|[\\w$*]+)(\\([^)]*\\))?");

    private static final Pattern QUOTED = Pattern.compile("\"(\\\\.|[^\"\\\\])*\"");
    private static final Pattern FIELD = Pattern.compile("(?<![\\w$.])[A-Za-z_]\\w*");

    /// What fields of log events are taken for; their names are LTTng's.
    private static final Map<String, String> FIELDS =
            Map.of(
                    "message", "msg",
                    "text", "msg",
                    "logger", "logger_name",
                    "level", "int_loglevel",
                    "loglevel", "int_loglevel",
                    "thread", "thread_name",
                    "exception", "throwable");

    private RuleAdvice() {}

    /// What to say of a rule beside its answer, a line each.
    ///
    /// @param filter its expression; empty: none
    public static List<String> of(
            DomainName domain, PointType type, String pattern, String filter) {
        var advice = new ArrayList<String>();
        boolean isLogback =
                domain == DomainName.USERSPACE && LogbackName.loggers(pattern).isPresent();
        if (domain == DomainName.USERSPACE && type == PointType.TRACEPOINT && !isLogback) {
            SYSTEMS.forEach((prefix, option) -> {
                if (pattern.startsWith(prefix)) {
                    advice.add(
                            "`%s` means tracepoints: loggers are recorded by enable-event %s '%s'"
                                    .formatted(
                                            pattern, option, pattern.substring(prefix.length())));
                }
            });
            boolean isNamed = pattern.startsWith(METHOD);
            String method = isNamed ? pattern.substring(METHOD.length()) : pattern;
            if (isNamed || CLASS_METHOD.matcher(method).matches()) {
                advice.add(
                        "`%s` means tracepoints: methods are recorded by enable-event -u --method '%s'"
                                .formatted(pattern, method));
            }
        }
        if ((domain.hasLoggers() || isLogback) && !filter.isEmpty()) {
            Matcher field = FIELD.matcher(QUOTED.matcher(filter).replaceAll("\"\""));
            field.results()
                    .map(each -> each.group())
                    .distinct()
                    .filter(FIELDS::containsKey)
                    .forEach(each ->
                            advice.add(
                                    "log events have no field %s, want %s: the filter takes none"
                                            .formatted(each, FIELDS.get(each))));
        }
        return advice;
    }
}
