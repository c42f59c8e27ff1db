// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final String NAME = ArrivalsTest.class.getName();
    private static final ClassLoader LOADER = ArrivalsTest.class.getClassLoader();
    private static final Class<?>[] NONE = {String.class, int[].class};
    private static final Class<?>[] LOADED = {String.class, ArrivalsTest.class};

    private final Arrivals arrivals = new Arrivals();
    private final List<WantedMethods> rule =
            List.of(new WantedMethods(new MethodRule(NAME + ".*", List.of())));

    private Function<String, List<WantedMethods>> rules() {
        return name -> name.equals(NAME) ? rule : List.of();
    }

    private static List<WantedMethods> nothing(String name) {
        return List.of();
    }

    @Test
    void aClassThatWasSeenUnderItsRulesIsAsTheyWantIt() {
        arrivals.note(LOADER, NAME, rule, false);
        assertThat(arrivals.hasOthers(rules())).isFalse();
        assertThat(arrivals.look(LOADED, rules())).isEmpty();
        assertThat(arrivals.look(LOADED, rules())).isEmpty();
    }

    /// Rules that come as it does find it among those that are loaded.
    @Test
    void aClassThatWasChangedAsItWasLoadedIsNotChangedAgain() {
        arrivals.note(LOADER, NAME, rule, false);
        assertThat(arrivals.isAsWanted(ArrivalsTest.class, rule)).isTrue();
        assertThat(arrivals.isAsWanted(ArrivalsTest.class, List.of())).isFalse();
        assertThat(arrivals.isAsWanted(String.class, rule)).isFalse();
        arrivals.note(LOADER, NAME, rule, true);
        assertThat(arrivals.isAsWanted(ArrivalsTest.class, rule)).isFalse();
    }

    @Test
    void oneThatNobodyHasSeenIsFoundOnce() {
        assertThat(arrivals.look(NONE, rules())).isEmpty();
        assertThat(arrivals.look(LOADED, rules())).containsExactly(ArrivalsTest.class);
        assertThat(arrivals.look(LOADED, rules())).isEmpty();
    }

    @Test
    void oneThatHasToBeLoadedFirstIsNewsAndFoundOnce() {
        arrivals.note(LOADER, NAME, rule, true);
        assertThat(arrivals.takeNews()).isTrue();
        assertThat(arrivals.takeNews()).isFalse();
        assertThat(arrivals.look(NONE, rules())).isEmpty();
        assertThat(arrivals.hasOthers(rules())).isTrue();
        assertThat(arrivals.look(LOADED, rules())).containsExactly(ArrivalsTest.class);
        assertThat(arrivals.hasOthers(rules())).isFalse();
    }

    @Test
    void oneWhoseRuleWentMeanwhileIsFound() {
        arrivals.note(LOADER, NAME, rule, false);
        assertThat(arrivals.hasOthers(ArrivalsTest::nothing)).isTrue();
        assertThat(arrivals.look(NONE, ArrivalsTest::nothing)).isEmpty();
        assertThat(arrivals.look(LOADED, ArrivalsTest::nothing))
                .containsExactly(ArrivalsTest.class);
        assertThat(arrivals.hasOthers(ArrivalsTest::nothing)).isFalse();
    }

    @Test
    void oneOfAnotherLoaderIsAnother() {
        arrivals.note(null, NAME, rule, false);
        assertThat(arrivals.look(LOADED, rules())).containsExactly(ArrivalsTest.class);
    }

    @Test
    void tooManyAreForgotten() {
        for (int i = 0; i <= Arrivals.MOST; i++) {
            arrivals.note(null, "generated.Class" + i, rule, false);
        }
        assertThat(arrivals.look(NONE, ArrivalsTest::nothing)).isEmpty();
        arrivals.note(LOADER, NAME, rule, false);
        assertThat(arrivals.look(LOADED, rules())).isEmpty();
    }

    @Test
    void whatFailsIsTriedAFewTimes() {
        Attempts attempts = new Attempts();
        long pauses = 0;
        int tried = 0;
        for (; attempts.isLeft(); tried++) {
            pauses += attempts.failed();
        }
        assertThat(tried).isEqualTo(Attempts.MOST);
        assertThat(pauses).isBetween(5_000L, 15_000L);
        attempts.begin();
        assertThat(attempts.isLeft()).isTrue();
    }
}
