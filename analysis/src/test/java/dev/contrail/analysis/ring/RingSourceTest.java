// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.SourceTrace;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.Summary;
import dev.contrail.ctf.JvmSchema;
import dev.contrail.tracer.ring.FieldType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RingSourceTest {
    @TempDir private Path folder;
    private final RingSource source = new RingSource();

    @ParameterizedTest
    @EnumSource(FieldType.class)
    void knowsAFieldClassForEveryTypeOfARing(FieldType type) {
        assertThat(JvmSchema.field(type.metadataName())).isNotNull();
    }

    @Test
    void wantsRingsAndDirectoriesWithRings() throws IOException {
        assertThat(source.weight(folder)).isZero();
        assertThat(source.weight(folder.resolve("some.txt"))).isZero();
        Path ring = Files.createFile(folder.resolve("1-2-3.ring"));
        assertThat(source.weight(ring)).isGreaterThan(OpenSources.FOLDER_WEIGHT);
        assertThat(source.weight(folder)).isBetween(0.1, OpenSources.FOLDER_WEIGHT);
    }

    @Test
    void tellsWhatIsNoRing() throws IOException, UsageException {
        Path ring = Files.createFile(folder.resolve("1-2-3.ring"));
        List<SourceTrace> traces = source.open(component(Map.of("inputs", List.of(ring))));
        assertThat(traces).hasSize(1);
        assertThat(traces.getFirst().metadata().damage()).hasSize(1);
        assertThat(traces.getFirst().metadata().damage().getFirst()).startsWith(ring.toString());
        assertThatThrownBy(() -> source.open(component(Map.of("output", "x"))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("output");
    }

    /// What could not be opened is told, and is not a trace that holds nothing.
    @Test
    void makesNoTraceOfWhatIsNoRing() throws IOException {
        Path ring = Files.write(folder.resolve("1-2-3.ring"), new byte[2 << 20]);
        Summary summary = Summary.of(List.of(ring), false);
        assertThat(summary.traces()).isEmpty();
        assertThat(summary.damage()).hasSize(1);
        assertThat(summary.damage().getFirst()).startsWith(ring + ": not a ring");
    }

    private static Component component(Map<String, Object> parameters) {
        return new Component(RingSource.NAME, parameters);
    }
}
