// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.jvm.Seen;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.control.SessionView.AccountView;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FinalWordsTest {
    private static final Seen NOBODY = seen(0);
    private static final Seen SHOP =
            seen(1, "shop:charging", "shop:failed", "shop:ordered", "shop:paid", "shop:reserved");

    @Test
    void saysThatNoJvmWasSeen() {
        assertThat(tracepoints("shop:*").reasons(NOBODY, List.of()))
                .containsExactly("no JVM was seen that has the tracer in its class path");
        assertThat(new FinalWords(List.of(), false, false, true, true).reasons(NOBODY, List.of()))
                .containsExactly("no JVM was seen");
    }

    @Test
    void namesThePatternThatMatchedNothingAndWhatWasSeen() {
        assertThat(tracepoints("shpo:*", "shop:*").reasons(SHOP, List.of(user(5))))
                .containsExactly(
                        "`shpo:*` matched nothing (did you mean `shop:*`?); seen: shop:charging,"
                                + " shop:failed, shop:ordered, shop:paid, …");
        assertThat(tracepoints("shop:pade").reasons(seen(1, "shop:paid"), List.of()))
                .containsExactly(
                        "`shop:pade` matched nothing (did you mean `shop:paid`?); seen: shop:paid");
        assertThat(tracepoints("other:*").reasons(seen(1), List.of()))
                .containsExactly("`other:*` matched nothing: the JVM has no tracepoint");
    }

    @Test
    void tellsWhatWasThereAndDidNotHappen() {
        assertThat(tracepoints("shop:failed").reasons(SHOP, List.of(user(0))))
                .containsExactly("none of the tracepoints was reached");
        assertThat(new FinalWords(List.of(), false, false, true, true).reasons(SHOP, List.of()))
                .containsExactly("nothing was logged with java.util.logging");
        assertThat(
                        new FinalWords(List.of("a:*"), true, false, false, false)
                                .reasons(NOBODY, List.of()))
                .containsExactly(
                        "none of the kernel events happened in the command and its children",
                        "no JVM was seen that has the tracer in its class path");
    }

    @Test
    void isSilentWhereWhatWasAskedForIsThere() {
        assertThat(tracepoints("shop:*").reasons(SHOP, List.of(user(5)))).isEmpty();
        var kernel = new AccountView(DomainName.KERNEL, 9, 0, 0, 0, 0, List.of());
        assertThat(
                        new FinalWords(List.of(), true, false, true, true)
                                .reasons(NOBODY, List.of(kernel)))
                .isEmpty();
    }

    private static FinalWords tracepoints(String... patterns) {
        return new FinalWords(List.of(patterns), false, false, false, false);
    }

    private static AccountView user(long recorded) {
        return new AccountView(DomainName.USERSPACE, recorded, 0, 0, 0, 0, List.of());
    }

    private static Seen seen(long programs, String... events) {
        return new Seen(programs, new TreeSet<>(List.of(events)));
    }
}
