// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.CString;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNamesTest {
    private static final Path ROOT = Path.of("/root/of/all");

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/", "/etc", "../x", "x/..", ".contrail-journal"})
    void noNameOfAFileLeadsElsewhere(String untrusted) {
        assertThat(SafeNames.file(CString.of(untrusted))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "..",
                "a/../b",
                "a/..",
                "/../etc",
                "./a",
                "a/./b",
                "h/s/.contrail-viewers/bob"
            })
    void noPathLeadsElsewhere(String untrusted) {
        assertThat(SafeNames.below(CString.of(untrusted))).isEmpty();
    }

    @Test
    void slashesAtTheBeginningAndDoubledOnesMeanNothing() {
        assertThat(SafeNames.below(CString.of("/vm//ust/uid/1000/64-bit/")))
                .contains(Path.of("vm/ust/uid/1000/64-bit"));
    }

    @Test
    void whatIsBelowStaysBelow() {
        for (String untrusted :
                new String[] {"a", "/a", "...", "a b", "ä/\u0001", "-rf", "~", "*"}) {
            Path resolved = ROOT.resolve(SafeNames.below(CString.of(untrusted)).orElseThrow());
            assertThat(resolved.normalize()).isEqualTo(resolved).startsWithRaw(ROOT);
        }
    }

    @Test
    void aNameIsNoLongerThanTheSystemAllows() {
        assertThat(SafeNames.file(CString.of("x".repeat(255)))).isPresent();
        assertThat(SafeNames.file(CString.of("x".repeat(256)))).isEmpty();
    }

    @Test
    void hostsAndSessionsAreNotHidden() {
        assertThat(SafeNames.label(CString.of(".h"), 239)).isEmpty();
        assertThat(SafeNames.label(CString.of("n".repeat(240)), 239)).isEmpty();
        assertThat(SafeNames.label(CString.of("n".repeat(239)), 239)).isPresent();
    }
}
