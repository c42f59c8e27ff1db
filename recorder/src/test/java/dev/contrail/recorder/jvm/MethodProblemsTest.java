// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.method.MethodRule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MethodProblemsTest {
    private static final String NOT_YET = ": " + MethodRule.NOT_YET + MethodRule.ONCE_IT_IS;
    private static final String NO_FIELD = "Obj.g: no method that matches has an argument b.name";
    private static final List<MethodRule> RULES =
            List.of(
                    new MethodRule("Obj.o", List.of()),
                    new MethodRule("Obj.g", List.of("arg=b.name")),
                    new MethodRule("Obj.g*", List.of()));

    @Test
    void tellsTheTextsOfRulesApart() {
        MethodProblems problems =
                MethodProblems.of(
                        RULES,
                        "Obj.o" + NOT_YET + "; " + NO_FIELD + "; Obj.g*: one; two; Obj.g.h: three");

        assertThat(problems.texts())
                .containsExactly("Obj.o" + NOT_YET, NO_FIELD, "Obj.g*: one; two; Obj.g.h: three");
        assertThat(problems.found()).containsExactlyInAnyOrder("Obj.g", "Obj.g*");
    }

    @Test
    void whatAnotherHasIsNotMissing() {
        MethodProblems problems = MethodProblems.of(RULES, "Obj.o" + NOT_YET + "; Obj.g" + NOT_YET);

        assertThat(problems.beside(Set.of("Obj.o"))).containsExactly("Obj.g" + NOT_YET);
        assertThat(problems.beside(Set.of())).hasSize(2);
        assertThat(problems.once()).isEmpty();
        assertThat(problems.whenStopped().texts())
                .contains("Obj.o: no such method is loaded yet (when the session was stopped)");
    }

    @Test
    void hasNoneWhereAllIsAsItIsWished() {
        assertThat(MethodProblems.of(RULES, "").texts()).isEmpty();
        assertThat(MethodProblems.of(RULES, "").found()).hasSize(3);
        assertThat(MethodProblems.of(List.of(), "")).isEqualTo(MethodProblems.NONE);
    }
}
