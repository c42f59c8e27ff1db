// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.tracer.AppContext;
import dev.contrail.tracer.context.Contexts;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MdcValuesTest {
    private final MdcValues values = new MdcValues();

    private void follow(String... keys) {
        values.areThere();
        values.want(fields(keys));
    }

    private static Set<String> fields(String... keys) {
        return List.of(keys).stream().map(each -> "app_mdc_" + each).collect(Collectors.toSet());
    }

    private static @Nullable String value(String key) {
        return Contexts.source("app_mdc_" + key).text();
    }

    @Test
    void aThreadHasWhatItHasPut() throws InterruptedException {
        follow("a", "b");
        values.put.accept("a", "1");
        values.put.accept("c", "nobody wants it");
        assertThat(value("a")).isEqualTo("1");
        assertThat(value("b")).isEmpty();
        String[] elsewhere = new String[1];
        Thread thread = new Thread(() -> elsewhere[0] = value("a"));
        thread.start();
        thread.join();
        assertThat(elsewhere[0]).isEmpty();
        values.put.accept("a", null);
        assertThat(value("a")).isEmpty();
    }

    @Test
    void whatIsNoLetterOrDigitInAKeyIsALine() {
        follow("user_id", "user");
        for (String key : List.of("user.id", "user-id", "user_id", "user€id")) {
            values.put.accept(key, key);
            assertThat(value("user_id")).isEqualTo(key);
        }
        for (String key : List.of("userXid", "userid", "user_idx", "xuser_id", "User_id", "")) {
            values.put.accept(key, "another");
        }
        values.put.accept(null, "none");
        assertThat(value("user_id")).isEqualTo("user€id");
        assertThat(value("user")).isEmpty();
        assertThat(Contexts.fields(List.of("$app.mdc:user.id")))
                .isEqualTo(Contexts.fields(List.of("$app.mdc:user_id")));
    }

    @Test
    void aMapIsAddedOrReplacesAll() {
        follow("a", "b");
        values.put.accept("a", "1");
        values.putAll.accept(Map.of("b", "2", "c", "3"));
        assertThat(value("a")).isEqualTo("1");
        assertThat(value("b")).isEqualTo("2");
        values.replace.accept(new HashMap<>(Map.of("b", "4")));
        assertThat(value("a")).isEmpty();
        assertThat(value("b")).isEqualTo("4");
        values.replace.accept(null);
        assertThat(value("b")).isEmpty();
    }

    @Test
    void keysGoOneByOneOrTogether() {
        follow("a", "b", "c");
        Map<String, String> all = Map.of("a", "1", "b", "2", "c", "3");
        values.replace.accept(all);
        values.remove.accept("a");
        assertThat(List.of(value("a"), value("b"), value("c"))).containsExactly("", "2", "3");
        values.replace.accept(all);
        values.remove.accept(List.of("a", "b"));
        assertThat(List.of(value("a"), value("b"), value("c"))).containsExactly("", "", "3");
        values.replace.accept(all);
        Iterable<String> onlyOnce = List.of("a").stream()::iterator;
        values.remove.accept(onlyOnce);
        assertThat(List.of(value("a"), value("b"), value("c"))).containsOnly("");
        assertThat(onlyOnce).containsExactly("a");
    }

    /// The calls are the tap's, which catches what they throw.
    @Test
    void aMapThatFailsLeavesNoOldValue() {
        follow("a");
        values.put.accept("a", "1");
        Map<String, String> failing =
                new AbstractMap<>() {
                    @Override
                    public Set<Entry<String, String>> entrySet() {
                        throw new IllegalStateException();
                    }
                };
        assertThatThrownBy(() -> values.replace.accept(failing))
                .isInstanceOf(IllegalStateException.class);
        assertThat(value("a")).isEmpty();
        Map<Object, Object> odd = new LinkedHashMap<>();
        odd.put(null, null);
        odd.put(7, "seven");
        odd.put("a", 7);
        values.replace.accept(odd);
        assertThat(value("a")).isEmpty();
    }

    @Test
    void whatNobodyFollowsIsForgotten() {
        follow("kept", "left");
        values.put.accept("kept", "1");
        values.put.accept("left", "2");
        values.want(fields("kept"));
        assertThat(value("left")).isNull();
        assertThat(value("kept")).isEqualTo("1");
        follow("kept", "left");
        assertThat(value("left")).isEmpty();
        assertThat(value("kept")).isEqualTo("1");
        assertThat(values.want(Set.of("app_otel_trace_id"))).isFalse();
    }

    @Test
    void withoutSuchALibraryThereIsNone() {
        values.want(fields("missing"));
        assertThat(value("missing")).isNull();
        values.areThere();
        assertThat(value("missing")).isEmpty();
    }

    @Test
    void whatTheProgramSetsItselfStays() {
        AppContext own = AppContext.of("mdc", "own");
        own.set("by the program");
        follow("own");
        assertThat(value("own")).isEqualTo("by the program");
        values.want(Set.of());
        assertThat(value("own")).isEqualTo("by the program");
    }
}
