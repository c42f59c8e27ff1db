// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.analysis.text.Colours;
import dev.contrail.cli.run.FailureStory.Moment;
import dev.contrail.cli.run.FailureStory.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The story of a failure as lines that fit a terminal of 80 columns.
final class StoryText {
    private static final int COLUMNS = 80;

    /// Kernel events in a row that are all shown; of more, the first and last half.
    private static final int KERNEL_IN_A_ROW = 4;

    private final FailureStory story;
    private final Colours colours;

    StoryText(FailureStory story, Colours colours) {
        this.story = story;
        this.colours = colours;
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(
                "The last moments of order %d, in seconds until it failed, on one clock:"
                        .formatted(story.order()));
        lines.add("");
        List<Moment> moments = story.moments();
        for (int i = 0; i < moments.size(); ) {
            int end = i;
            while (end < moments.size() && moments.get(end).isKernel()) {
                end++;
            }
            kernel(moments.subList(i, end), lines);
            if (end < moments.size()) {
                lines.add(line(moments.get(end++)));
            }
            i = end;
        }
        lines.add("");
        lines.addAll(conclusion());
        return lines;
    }

    private void kernel(List<Moment> row, List<String> lines) {
        int left = row.size() - KERNEL_IN_A_ROW;
        int half = KERNEL_IN_A_ROW / 2;
        boolean isLong = left > 1; // a line that says that one is left out is no shorter
        row.subList(0, isLong ? half : row.size()).forEach(each -> lines.add(line(each)));
        if (isLong) {
            lines.add("  … %,d more kernel events of these threads".formatted(left));
            row.subList(row.size() - half, row.size()).forEach(each -> lines.add(line(each)));
        }
    }

    /// `! -0.152904 Shop/customer-3 name: what`.
    private String line(Moment moment) {
        String time = String.format(Locale.ROOT, "%9.6f", -moment.beforeNanos() / 1e9);
        String who = pad(moment.isCulprits() ? culprit() : story.thread());
        String plain = "%s %s ".formatted(time, who);
        String what =
                cut(": " + moment.what(), COLUMNS - 2 - plain.length() - moment.event().length());
        return (moment.isCause() ? colours.unknown("!") : " ")
                + " "
                + colours.time(time)
                + " "
                + who
                + " "
                + colours.eventName(moment.event())
                + (moment.isCause() ? colours.unknown(what) : what);
    }

    private Worker culprit() {
        return story.culprit().orElse(story.thread());
    }

    /// Process and thread, as wide for one as for the other.
    private String pad(Worker worker) {
        int width = Math.max(culprit().shown().length(), story.thread().shown().length());
        return story.process() + "/" + worker.shown() + " ".repeat(width - worker.shown().length());
    }

    private List<String> conclusion() {
        var lines = new ArrayList<String>();
        lines.add("Order %d failed: %s.".formatted(story.order(), story.reason()));
        if (story.culprit().isEmpty()) {
            return lines;
        }
        Moment cause = story.moments().stream().filter(Moment::isCause).findFirst().orElseThrow();
        lines.add(
                colours.unknown("!")
                        + " Thread %s took the terminal at -%s s: %s."
                                .formatted(
                                        named(culprit()),
                                        String.format(
                                                Locale.ROOT, "%.3f", 1e-9 * cause.beforeNanos()),
                                        cause.what()));
        lines.add("  Thread %s waited for it in vain.".formatted(named(story.thread())));
        return lines;
    }

    private static String named(Worker worker) {
        return worker.name().isEmpty()
                ? Long.toString(worker.id())
                : "%s (%d)".formatted(worker.name(), worker.id());
    }

    private static String cut(String text, int length) {
        String line = text.replace('\n', ' ');
        return line.length() <= length ? line : line.substring(0, Math.max(0, length - 1)) + "…";
    }
}
