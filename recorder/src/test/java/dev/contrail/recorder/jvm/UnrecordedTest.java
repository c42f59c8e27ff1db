// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.Warning;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnrecordedTest {
    private static final String FULL = "No space left on device";

    private final Unrecorded unrecorded = new Unrecorded(3, "ust/uid/0/64-bit");

    private List<String> notes() throws IOException {
        return unrecorded.ledger().account().notes();
    }

    private List<String> texts() {
        return unrecorded.obstacles().stream().map(Warning::text).toList();
    }

    @Test
    void saysNothingWhereAllAreRecorded() throws IOException {
        unrecorded.now(Map.of(), Map.of());

        assertThat(texts()).isEmpty();
        assertThat(notes()).isEmpty();
    }

    @Test
    void namesWhoIsNotRecordedAndWhatHelps() throws IOException {
        unrecorded.now(Map.of("Shop (12)", FULL), Map.of());

        assertThat(texts()).containsExactly("Shop (12) is not recorded: " + FULL);
        assertThat(notes())
                .containsExactly(
                        "Shop (12) is not recorded: " + FULL,
                        "what helps: " + Remedy.NO_SPACE.help());
    }

    @Test
    void countsManyInsteadOfNamingThem() throws IOException {
        var reasons = new LinkedHashMap<String, String>();
        for (int i = 0; i < 1_000; i++) {
            reasons.put("Shop (" + i + ")", i == 0 ? FULL : "it has mode 777");
        }
        unrecorded.now(reasons, Map.of());

        assertThat(texts())
                .containsExactly(
                        "Shop (0) is not recorded: " + FULL,
                        "999 JVMs could not be recorded: it has mode 777");
        assertThat(notes()).as("each remedy once").hasSize(4);
    }

    @Test
    void saysTheSameHelpOnce() throws IOException {
        unrecorded.now(Map.of("a (1)", FULL, "b (2)", FULL), Map.of());

        assertThat(notes()).hasSize(3).last().asString().startsWith("what helps: ");
    }

    @Test
    void countsThoseThatHaveEndedByTheirReason() throws IOException {
        unrecorded.ended(FULL);
        unrecorded.ended("something else");
        unrecorded.ended(FULL);
        unrecorded.now(Map.of(), Map.of());

        assertThat(texts())
                .containsExactly(
                        "2 JVMs that ended could not be recorded: " + FULL,
                        "1 JVM that ended could not be recorded: something else");
        assertThat(notes()).contains("what helps: " + Remedy.NO_SPACE.help());
    }

    @Test
    void aJvmThatIsLateAgainAndAgainIsOne() {
        for (int i = 0; i < 122; i++) {
            unrecorded.late("Shop (12)", "was late with event " + i);
        }
        unrecorded.now(Map.of(), Map.of());
        assertThat(texts()).hasSize(3).allMatch(each -> each.startsWith("Shop (12) was late"));

        unrecorded.late("Till (13)", "was late");
        unrecorded.late("Till (13)", "was late");
        unrecorded.now(Map.of(), Map.of());
        assertThat(texts()).hasSize(4).last().isEqualTo("so did 1 JVM more");
    }

    @Test
    void remembersNoMoreThanEightReasons() {
        for (int i = 0; i < 100; i++) {
            unrecorded.ended("reason " + i);
        }
        unrecorded.ended("reason 7");
        unrecorded.now(Map.of(), Map.of());

        assertThat(texts())
                .hasSize(8)
                .last()
                .isEqualTo("2 JVMs that ended could not be recorded: reason 7");
    }

    @Test
    void namesThreeThatAreRecordedLateAndCountsTheOthers() {
        for (int i = 0; i < 10; i++) {
            unrecorded.late("Shop (" + i + ")", "was not recorded in its first 20 ms");
        }
        unrecorded.now(Map.of(), Map.of());

        assertThat(texts())
                .containsExactly(
                        "Shop (0) was not recorded in its first 20 ms",
                        "Shop (1) was not recorded in its first 20 ms",
                        "Shop (2) was not recorded in its first 20 ms",
                        "so did 7 JVMs more");
    }

    @Test
    void forgetsWhoIsRecordedAgainButNotWhatHappened() {
        unrecorded.ended(FULL);
        unrecorded.now(Map.of("Shop (12)", FULL), Map.of());
        unrecorded.now(Map.of(), Map.of());

        assertThat(texts()).containsExactly("1 JVM that ended could not be recorded: " + FULL);
    }

    @Test
    void tellsWhoseLogAloneIsMissing() throws IOException {
        unrecorded.endedWithout("no agent");
        unrecorded.now(Map.of(), Map.of("Shop (12)", List.of("no agent")));

        assertThat(texts()).containsExactly("Shop (12): no agent", "1 JVM that ended: no agent");
        assertThat(notes()).containsExactlyElementsOf(texts());
        assertThat(unrecorded.obstacles()).noneMatch(Warning.NotRecorded.class::isInstance);
    }

    @Test
    void countsManyWithoutTheirLog() {
        var logless = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < 4; i++) {
            logless.put("Shop (" + i + ")", List.of("no agent"));
        }
        unrecorded.now(Map.of(), logless);

        assertThat(texts()).containsExactly("4 JVMs: no agent");
    }

    @Test
    void tellsEachReasonWithThoseForWhomItIsTrue() {
        var partly = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < 5; i++) {
            partly.put("Shop (" + i + ")", List.of("no agent"));
        }
        partly.put("Till (5)", List.of("no agent", "Till.pay: no such field"));
        partly.put("Till (6)", List.of("Till.pay: no such field"));
        unrecorded.now(Map.of(), partly);

        assertThat(texts())
                .containsExactly("6 JVMs: no agent", "Till (5), Till (6): Till.pay: no such field");
    }

    @Test
    void tellsNoMoreThanEightReasonsOfThoseThatRun() {
        var reasons = new LinkedHashMap<String, String>();
        for (int i = 0; i < 100; i++) {
            reasons.put("Shop (" + i + ")", "reason " + i);
        }
        unrecorded.now(reasons, Map.of());

        assertThat(texts())
                .hasSize(8)
                .endsWith(
                        "Shop (6) is not recorded: reason 6",
                        "93 JVMs could not be recorded: reason 7 (and 92 more reasons)");
    }

    @Test
    void isALedgerWithoutRecords() throws IOException {
        var account = unrecorded.ledger().account();

        assertThat(unrecorded.ledger().channelId()).isEqualTo(3);
        assertThat(account.recorded() + account.discarded() + account.overwritten()).isZero();
        assertThat(account.completeFromTicks()).isEqualTo(Long.MAX_VALUE);
        assertThat(account.traceDirectory()).isEqualTo("ust/uid/0/64-bit");
    }
}
