// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Trace;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.TraceClass;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KnownNamesTest {
    private final KnownNames names = new KnownNames();

    private static Trace trace(String domain) {
        return new Trace(
                "host",
                new Metadata(
                        new TraceClass(
                                new UUID(1, 2),
                                ByteOrder.LITTLE_ENDIAN,
                                StructureClass.ABSENT,
                                new LinkedHashMap<>(Map.of("domain", domain)),
                                List.of()),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    @Test
    void listsThoseOfApplicationsBeforeThoseOfTheKernel() {
        for (int i = 0; i < 700; i++) {
            names.add(trace("kernel"), "compat_syscall_entry_%03d".formatted(i));
        }
        for (String each : List.of("orders:answered", "orders:refreshed")) {
            names.add(trace("ust"), each);
        }
        assertThat(names.listed("shop:failed", ""))
                .startsWith(
                        "there are: orders:answered, orders:refreshed, compat_syscall_entry_000,")
                .endsWith(" and 694 more")
                .hasSizeLessThan(240);
    }

    @Test
    void listsThoseThatShareWordsWithWhatWasTypedFirst() {
        names.add(trace("ust"), "orders:answered");
        names.add(trace("kernel"), "sched_switch");
        names.add(trace("kernel"), "syscall_entry_futex");
        assertThat(names.listed("Futex_wait", "$ctx."))
                .isEqualTo(
                        "there are: $ctx.syscall_entry_futex, $ctx.orders:answered,"
                                + " $ctx.sched_switch");
    }

    @Test
    void listsOneHoweverLongItIs() {
        String name = "n".repeat(1000);
        names.add(trace("ust"), name);
        assertThat(names.listed("m", "")).isEqualTo("there is: " + name);
    }
}
