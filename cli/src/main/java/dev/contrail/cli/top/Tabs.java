// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.top.TopView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What the views are called in the line of them all, as well as there is room for.
///
/// @param texts one for each view
record Tabs(List<String> texts) {
    /// @param shown the view that is shown
    /// @param width that they may have together
    static Tabs of(TopView shown, int width) {
        List<Function<TopView, String>> namings =
                List.of(
                        TopView::title,
                        each -> each == shown ? each.title() : brief(each),
                        Tabs::brief,
                        each -> each == shown ? each.title() : "",
                        each -> each == shown ? brief(each) : "");
        Tabs tabs = new Tabs(List.of());
        for (Function<TopView, String> each : namings) {
            tabs = named(each);
            if (tabs.width() <= width) {
                break;
            }
        }
        return tabs;
    }

    private static Tabs named(Function<TopView, String> naming) {
        var texts = new ArrayList<String>();
        for (TopView each : TopView.values()) {
            String number = " " + (each.ordinal() + 1) % 10 + " ";
            texts.add(number + naming.apply(each));
        }
        return new Tabs(List.copyOf(texts));
    }

    private int width() {
        return texts.stream().mapToInt(String::length).sum();
    }

    private static String brief(TopView view) {
        return switch (view) {
            case PROCESSES -> "Proc";
            case THREADS -> "Thr";
            case CPUS -> "CPUs";
            case SCHEDULING -> "Sched";
            case SYSCALLS -> "Calls";
            case THREAD_SYSCALLS -> "TCalls";
            case IO -> "I/O";
            case FILES -> "Files";
            case EVENTS -> "Events";
            case LOST -> "Lost";
        };
    }
}
