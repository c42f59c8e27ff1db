// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/bounds.md` says what the code does.
class BoundsTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| [^|]+ \\| (\\d+) \\| `([\\w.]+)\\.([A-Z_]+)` \\|.*");

    @Test
    void statesTheBoundsThatHold() throws IOException, ReflectiveOperationException {
        var wrong = new ArrayList<String>();
        int rows = 0;
        for (String line : Files.readAllLines(Machine.checkout().resolve("docs/bounds.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows++;
                Field field =
                        Class.forName("dev.contrail." + row.group(2))
                                .getDeclaredField(row.group(3));
                field.setAccessible(true);
                long holds = ((Number) field.get(null)).longValue();
                if (holds != Long.parseLong(row.group(1))) {
                    wrong.add(row.group(3) + " is " + holds + ": " + line);
                }
            }
        }
        assertThat(rows).isGreaterThan(25);
        assertThat(wrong).isEmpty();
    }

    @Test
    void statesTheHeapOfTheLauncher() throws IOException {
        Path checkout = Machine.checkout();
        Matcher heap =
                Pattern.compile("-Xmn(\\d+)m -Xmx(\\d+)m")
                        .matcher(Files.readString(checkout.resolve("contrail")));
        assertThat(heap.find()).isTrue();
        assertThat(Files.readString(checkout.resolve("docs/bounds.md")))
                .contains("`-Xmx" + heap.group(2) + "m`", heap.group(1) + " MiB");
    }
}
