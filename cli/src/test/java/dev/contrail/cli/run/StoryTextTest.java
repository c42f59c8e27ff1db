// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.text.Colours;
import dev.contrail.cli.run.FailureStory.Moment;
import dev.contrail.cli.run.FailureStory.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoryTextTest {
    private static final Worker MAIN = new Worker(100, "java");
    private static final Worker CUSTOMER = new Worker(107, "customer-3");

    @Test
    void marksTheCulpritAndSaysWhoWaited() {
        assertThat(new StoryText(story(Optional.of(MAIN), 2), Colours.NONE).lines())
                .containsExactly(
                        "The last moments of order 7, in seconds until it failed, on one clock:",
                        "",
                        "! -0.158000 Shop/java       lttng_jul:event: counting the till",
                        "  -0.150000 Shop/customer-3 shop:ordered: orderId = 7",
                        "  -0.100000 Shop/customer-3 sched_switch: leaves CPU 1 to swapper/1",
                        "  -0.100000 Shop/customer-3 sched_switch: leaves CPU 1 to swapper/1",
                        "   0.000000 Shop/customer-3 shop:failed: orderId = 7, reason = no answer",
                        "",
                        "Order 7 failed: no answer.",
                        "! Thread java (100) took the terminal at -0.158 s: counting"
                                + " the till.",
                        "  Thread customer-3 (107) waited for it in vain.");
    }

    @Test
    void leavesOutTheMiddleOfManyKernelEvents() {
        assertThat(new StoryText(story(Optional.of(MAIN), 1000), Colours.NONE).lines())
                .hasSize(14)
                .contains("  … 996 more kernel events of these threads");
    }

    @Test
    void staysWithinEightyColumnsWhateverIsTold() {
        var worker = new Worker(4_194_304, "a-name-of-15-by");
        var moments =
                List.of(
                        new Moment(
                                99_999_999_999L,
                                false,
                                true,
                                false,
                                "syscall_entry_sched_getscheduler",
                                "x = 1,\n".repeat(99)));
        var story = new FailureStory(7, "", "a-name-of-15-by", worker, Optional.empty(), moments);

        assertThat(new StoryText(story, Colours.NONE).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void usesTheColoursOfView() {
        assertThat(new StoryText(story(Optional.of(MAIN), 0), Colours.TERMINAL).lines())
                .anyMatch(line -> line.startsWith("\033[1m\033[1m\033[31m!\033[0m"));
    }

    @Test
    void namesThreadsByNumberWhereTheKernelWasNotRecorded() {
        var nameless = new Worker(100, "");
        assertThat(new StoryText(story(Optional.of(nameless), 0), Colours.NONE).lines())
                .anyMatch(line -> line.contains(" Shop/100 "))
                .anyMatch(line -> line.startsWith("! Thread 100 took the terminal at"));
    }

    @Test
    void endsWithTheReasonWhereTheCulpritIsNotInTheTrace() {
        var story = story(Optional.empty(), 0);
        var moments = story.moments().subList(1, story.moments().size());
        var without = new FailureStory(7, "no answer", "Shop", CUSTOMER, Optional.empty(), moments);

        assertThat(new StoryText(without, Colours.NONE).lines())
                .endsWith("Order 7 failed: no answer.");
    }

    private static FailureStory story(Optional<Worker> culprit, int kernel) {
        var moments = new ArrayList<Moment>();
        moments.add(
                new Moment(158_000_000, true, false, true, "lttng_jul:event", "counting the till"));
        moments.add(new Moment(150_000_000, false, false, false, "shop:ordered", "orderId = 7"));
        for (int i = 0; i < kernel; i++) {
            moments.add(
                    new Moment(
                            100_000_000,
                            false,
                            true,
                            false,
                            "sched_switch",
                            "leaves CPU 1 to swapper/1"));
        }
        moments.add(
                new Moment(
                        0, false, false, false, "shop:failed", "orderId = 7, reason = no answer"));
        return new FailureStory(7, "no answer", "Shop", CUSTOMER, culprit, moments);
    }
}
