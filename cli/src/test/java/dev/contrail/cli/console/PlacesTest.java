// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacesTest {
    @Test
    void lttngHomeGoesBeforeHome() throws IOException {
        assertThat(Places.of(Map.of("HOME", "/home/u", "LTTNG_HOME", "/srv/u")).home())
                .isEqualTo(Path.of("/srv/u"));
        assertThat(Places.of(Map.of("HOME", "/home/u", "LTTNG_HOME", "")).home())
                .isEqualTo(Path.of("/home/u"));
        assertThat(Places.of(Map.of()).home()).isEqualTo(Path.of(System.getProperty("user.home")));
    }

    @Test
    void theRunDirectoryIsTheOneThatIsNamed() throws IOException {
        Places places = Places.of(Map.of("HOME", "/home/u", "LTTNG_RUNDIR", "/run/mine"));
        assertThat(places.runDirectory()).isEqualTo(Path.of("/run/mine"));
        assertThat(places.controlSocket()).isEqualTo(Path.of("/run/mine/control.sock"));
        assertThat(places.applicationSocket()).isEqualTo(Path.of("/run/mine/apps.sock"));
        assertThat(places.pidFile()).isEqualTo(Path.of("/run/mine/sessiond.pid"));
        assertThat(places.lockFile()).isEqualTo(Path.of("/run/mine/sessiond.lock"));
        assertThat(places.logFile()).isEqualTo(Path.of("/run/mine/sessiond.log"));
    }

    @Test
    void itIsTheSystemsForRootAndBelowTheHomeForOthers() throws IOException {
        Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        assertThat(Places.of(Map.of("HOME", "/home/u")).runDirectory())
                .isEqualTo(Path.of(uid.equals(0) ? "/run/contrail" : "/home/u/.contrail"));
    }

    @Test
    void relativePlacesAreThoseOfTheWorkingDirectory() throws IOException {
        assertThat(Places.of(Map.of("LTTNG_HOME", "h", "LTTNG_RUNDIR", "r")))
                .satisfies(places -> {
                    assertThat(places.home()).isEqualTo(Path.of("h").toAbsolutePath());
                    assertThat(places.runDirectory()).isEqualTo(Path.of("r").toAbsolutePath());
                });
    }
}
