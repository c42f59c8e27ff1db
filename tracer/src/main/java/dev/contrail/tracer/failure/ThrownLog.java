// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the JVM says of the exceptions that it has thrown itself (`jcmd PID VM.events log=exc`):
/// the last 20, as a rule. Owned by one thread.
///
/// ```text
/// Internal exceptions (20 events):
/// Event: 0.960 Thread 0x00007f4e6c18b6f0 Exception <a 'java/lang/OutOfMemoryError'{0x…}> (0x…)
/// thrown [src/hotspot/share/gc/shared/memAllocator.cpp, line 134]
/// ```
///
/// One that was made by a constructor has its message behind the brace, and is none of these.
final class ThrownLog {
    private static final Pattern ERROR =
            Pattern.compile(
                    "(\\d+)[.,](\\d{3}) Thread 0x(\\p{XDigit}{1,16}) Exception"
                            + " <a 'java/lang/(OutOfMemoryError|StackOverflowError)'\\{0x\\p{XDigit}+}>"
                            + " \\(0x\\p{XDigit}+\\)\\s*thrown \\[[^]]*?([^]/]*), line (\\d+)].*",
                    Pattern.DOTALL);

    /// How many the JVM says that there are.
    private static final Pattern HEAD =
            Pattern.compile("Internal exceptions \\((\\d{1,6}) events?\\):");

    /// What the JVM keeps, as a rule.
    private static final int LENGTH = 20;

    private static final String BEGIN = "\nEvent: ";

    /// An error that no constructor has made.
    ///
    /// @param millis after the JVM's start
    /// @param thread its address
    /// @param origin as `memAllocator.cpp:134`
    record Thrown(long millis, long thread, String type, String origin) {}

    private List<String> known = List.of();
    private List<String> next = List.of();
    private boolean hasGap;

    /// The errors that were not there when it was last [#settled]. Of a list with a message that
    /// looks like entries of the list nobody can tell which are real: then there are none.
    List<Thrown> added(String answer) {
        List<String> all = entries(answer);
        if (all.size() != announced(answer)) {
            hasGap = true;
            next = List.of();
            return List.of();
        }
        int more = all.size();
        for (int i = 0; i < all.size() && more == all.size(); i++) {
            int same = all.size() - i;
            if (same <= known.size()
                    && all.subList(0, same)
                            .equals(known.subList(known.size() - same, known.size()))) {
                more = i;
            }
        }
        List<Thrown> added = new ArrayList<>();
        for (String each : all.subList(all.size() - more, all.size())) {
            Matcher error = ERROR.matcher(each);
            if (error.matches()) {
                added.add(thrown(error));
            }
        }
        hasGap = more == all.size() && (known.isEmpty() ? more >= LENGTH : more > 0);
        next = all;
        return added;
    }

    /// What [#added] has found is done with. Needs no memory.
    void settled() {
        known = next;
    }

    /// Whether there may have been more than [#added] has found, because so many exceptions of any
    /// kind came at once.
    boolean hasGap() {
        return hasGap;
    }

    private static int announced(String answer) {
        Matcher head = HEAD.matcher(answer);
        return head.find() ? Integer.parseInt(head.group(1)) : 0;
    }

    private static List<String> entries(String answer) {
        List<String> entries = new ArrayList<>();
        int at = answer.indexOf(BEGIN);
        while (at >= 0) {
            int next = answer.indexOf(BEGIN, at + 1);
            entries.add(
                    answer.substring(at + BEGIN.length(), next < 0 ? answer.length() : next)
                            .strip());
            at = next;
        }
        return entries;
    }

    private static Thrown thrown(Matcher error) {
        return new Thrown(
                1000 * Long.parseLong(error.group(1)) + Long.parseLong(error.group(2)),
                Long.parseUnsignedLong(error.group(3), 16),
                "java.lang." + error.group(4),
                error.group(5) + ":" + error.group(6));
    }
}
