// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Patterns of filters against regular expressions.
class PatternTest {
    private static final int TRIALS = 20_000;

    private final Random random = new Random(7);

    private String text(int most) {
        return random.ints(random.nextInt(most + 1), 'a', 'c')
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining());
    }

    /// Of few characters, so that much repeats, with parts that are searched for in either way.
    @Test
    void matchWhatRegularExpressionsMatch() {
        int matching = 0;
        for (int i = 0; i < TRIALS; i++) {
            int most = i % 2 == 0 ? 4 : 40;
            int stars = random.nextInt(4);
            List<String> parts = Stream.generate(() -> text(most)).limit(stars + 1).toList();
            String text =
                    random.nextBoolean()
                            ? text(60)
                            : parts.stream().collect(Collectors.joining(text(9)));
            String expression =
                    parts.stream().map(Pattern::quote).collect(Collectors.joining(".*"));
            boolean isMatch = Pattern.matches(expression, text);
            assertThat(new Expression.Pattern(parts).matches(text))
                    .as("%s for %s", parts, text)
                    .isEqualTo(isMatch);
            matching += isMatch ? 1 : 0;
        }
        assertThat(matching).isBetween(TRIALS / 10, TRIALS * 9 / 10);
    }

    /// What takes the product of the lengths otherwise, 15 thousand million steps each.
    @Test
    void areFoundInOneGoThroughTheText() {
        String a = "a".repeat(1_000_000);
        var pattern = new Expression.Pattern(List.of("", "a".repeat(15_000) + "b", ""));
        for (int i = 0; i < 20; i++) {
            assertThat(pattern.matches(a)).isFalse();
            assertThat(pattern.matches(a + "b")).isTrue();
        }
    }
}
