// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Mapping;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelFinderTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsWhatASearchOfAllFinds(boolean isSigned) {
        var random = new Random(3);
        for (int round = 0; round < 300; round++) {
            List<Mapping> mappings = new ArrayList<>();
            int most = random.nextInt(40);
            for (int i = 0; i < most; i++) {
                long lower = random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(60) - 30;
                long upper = random.nextInt(8) == 0 ? random.nextLong() : lower + random.nextInt(9);
                mappings.add(new Mapping("m" + i, lower, upper));
            }
            var container =
                    new IntegerClass(
                            64,
                            8,
                            isSigned,
                            ByteOrder.LITTLE_ENDIAN,
                            false,
                            10,
                            false,
                            "",
                            Set.of());
            var finder = new LabelFinder(new EnumerationClass(container, mappings));
            for (int i = 0; i < 50; i++) {
                long value = random.nextInt(5) == 0 ? random.nextLong() : random.nextInt(80) - 40;
                assertThat(IntStream.range(0, finder.find(value)).map(finder::found))
                        .containsExactlyElementsOf(
                                IntStream.range(0, mappings.size())
                                        .filter(at -> mappings.get(at).contains(value, isSigned))
                                        .boxed()
                                        .toList());
            }
        }
    }
}
