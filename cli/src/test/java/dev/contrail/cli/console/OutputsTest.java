// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.console.Outputs.Output;
import dev.contrail.cli.console.Outputs.Sent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputsTest {
    @TempDir private Path home;

    private Outputs outputs() {
        return new Outputs(new Places(0, home, home.resolve("run")));
    }

    @Test
    void knowsWhatWentToARelay() {
        assertThat(outputs().lastSent()).isEmpty();
        var first = new Sent(1_000, "net://h/host/h/s", "net://h. Show it: contrail view");
        var second = new Sent(2_000, "", "net://h, h/s below its output directory");
        outputs().add(first);
        assertThat(outputs().lastSent()).contains(first);
        outputs().add(second);
        outputs().add(new Output(Path.of("/traces/x"), false));
        assertThat(outputs().lastSent()).contains(second);
        assertThat(outputs().all()).containsExactly(new Output(Path.of("/traces/x"), false));
    }

    @Test
    void passesOverWhatIsNoLineOfIts() throws IOException {
        Files.writeString(home.resolve(".contrail-outputs"), "sent\nsent x - y\nsent 1\nother\n");
        assertThat(outputs().lastSent()).isEmpty();
        assertThat(outputs().all()).isEmpty();
    }
}
