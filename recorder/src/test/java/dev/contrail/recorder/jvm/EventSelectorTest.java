// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.EventRule.LevelSelection;
import dev.contrail.wire.PointType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSelectorTest {
    private static EventRule rule(
            String pattern, List<String> exclusions, LevelSelection levels, int level) {
        return new EventRule(PointType.TRACEPOINT, pattern, exclusions, levels, level, true);
    }

    private static boolean selects(EventRule rule, String name, int level) {
        return EventSelector.of(List.of(rule))
                .getFirst()
                .selects(new Bound(1, name, level, List.of(), ""));
    }

    @ParameterizedTest
    @CsvSource({
        "shop:paid, shop:paid, true",
        "shop:paid, shop:paid2, false",
        "shop:paid, Shop:paid, false",
        "shop:*, shop:paid, true",
        "shop:*, shops:paid, false",
        "*, anything:at_all, true",
        "*, jvm_vthread:mount, false",
        "jvm*, jvm_vthread:mount, false",
        "jvm_vthread:*, jvm_vthread:mount, true",
        "*:paid, shop:paid, true",
        "s*p*d, shop:paid, true",
        "shop:\\*, shop:paid, false",
        "shop:\\*, shop:*, true",
    })
    void selectsByName(String pattern, String name, boolean isSelected) {
        EventRule rule = rule(pattern, List.of(), LevelSelection.ALL, 0);

        assertThat(selects(rule, name, 6)).isEqualTo(isSelected);
    }

    @Test
    void leavesOutWhatIsExcluded() {
        EventRule rule =
                rule("shop:*", List.of("shop:tick", "shop:debug_*"), LevelSelection.ALL, 0);

        assertThat(selects(rule, "shop:paid", 6)).isTrue();
        assertThat(selects(rule, "shop:ticket", 6)).isTrue();
        assertThat(selects(rule, "shop:tick", 6)).isFalse();
        assertThat(selects(rule, "shop:debug_x", 6)).isFalse();
    }

    /// The lower the number, the more severe, as in LTTng's scale.
    @ParameterizedTest
    @CsvSource({
        "ALL, 4, 14, true",
        "AT_LEAST, 4, 4, true",
        "AT_LEAST, 4, 3, true",
        "AT_LEAST, 4, 5, false",
        "EXACTLY, 4, 4, true",
        "EXACTLY, 4, 3, false",
        "EXACTLY, 4, 5, false",
    })
    void selectsByLevel(LevelSelection levels, int level, int ofEvent, boolean isSelected) {
        assertThat(selects(rule("*", List.of(), levels, level), "a:b", ofEvent))
                .isEqualTo(isSelected);
    }

    @Test
    void keepsTheOrderOfEnabledRulesAndNoDisabledOne() {
        EventRule a = rule("a", List.of(), LevelSelection.ALL, 0);
        EventRule b = rule("b", List.of(), LevelSelection.ALL, 0).enabled(false);
        EventRule c = rule("c", List.of(), LevelSelection.ALL, 0);

        assertThat(EventSelector.of(List.of(a, b, c)))
                .extracting(EventSelector::rule)
                .containsExactly(a, c);
    }
}
