// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.kernel.TracefsCondition;
import dev.contrail.kernel.schema.EventNames;
import dev.contrail.kernel.tracefs.EventFormat;
import dev.contrail.kernel.tracefs.KernelEvent;
import dev.contrail.kernel.tracefs.Tracefs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The tracepoints that this machine's kernel has.
@ExtendWith(TracefsCondition.class)
class PresentTracepointsTest {
    @Test
    void convertsEveryTracepointOfThisKernelToADeclaration() throws Exception {
        var tracefs = new Tracefs(Tracefs.mountPoint().orElseThrow());
        var names = new EventNames(tracefs);
        int count = 0;
        for (String line : tracefs.events()) {
            String[] words = line.split(":");
            if (words[0].endsWith("syscalls")) {
                continue;
            }
            EventFormat format = tracefs.format(words[0], words[1]);
            var event = new KernelEvent(words[0], words[1]);
            var row = names.lttng().byEvent(event);
            PlanBuilder plan =
                    row.isPresent()
                            ? TracepointPlans.known(row.get(), format)
                            : TracepointPlans.byRule(format);
            assertThat(plan.plan(0).leastPayload()).as(line).isLessThanOrEqualTo(end(format));
            count++;
        }
        assertThat(count).isGreaterThan(500);
    }

    private static int end(EventFormat format) {
        int end = EventFormat.COMMON_BYTES;
        for (EventFormat.Field field : format.fields()) {
            end = Math.max(end, field.offset() + field.bytes());
        }
        return end;
    }
}
