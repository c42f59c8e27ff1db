// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `bench/package.sh` builds: installed, used and removed where it harms nothing.
class PackageSystemTest {
    /// A copy of this machine, of which every change goes to memory and is gone with the test.
    private static final String THROW_AWAY_ROOT =
            """
            set -e
            mount -t tmpfs none "$1"
            mkdir "$1/upper" "$1/work" "$1/root"
            mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" none "$1/root"
            mount --rbind /proc "$1/root/proc"
            mount --rbind /dev "$1/root/dev"
            mount --rbind /sys "$1/root/sys"
            mount -t tmpfs none "$1/root/run"
            cp "$2" "$1/root/run/package.deb"
            exec chroot "$1/root" /bin/sh -ec "$3"
            """;

    private static final String LIFE =
            """
            unset LTTNG_RUNDIR LTTNG_HOME
            export HOME=/run/home PATH=/usr/sbin:/usr/bin:/sbin:/bin
            mkdir /run/home
            dpkg -i --force-depends /run/package.deb
            test -f /usr/lib/contrail/current/start-up.aot
            test -f /usr/share/zsh/vendor-completions/_contrail
            cd /
            contrail sessiond --background --no-kernel
            contrail create packaged
            contrail enable-event -u 'demo:*'
            contrail start
            contrail status
            contrail destroy
            contrail sessiond --stop
            ! contrail uninstall
            ! contrail install
            test -f /usr/lib/contrail/current/lib/tracer.jar
            dpkg -r contrail
            ! command -v contrail
            test ! -e /usr/lib/contrail
            test ! -e /usr/share/man/man1/contrail.1
            test ! -e /usr/share/zsh/vendor-completions/_contrail
            """;

    @Test
    void theDebIsInstalledUsedAndRemoved() throws IOException, InterruptedException {
        Needs.tool("dpkg-deb");
        Needs.overlay();
        try (Machine machine = Machine.open()) {
            Path deb = packages(machine, ".deb");
            Path place = Files.createDirectory(machine.root().resolve("throw-away"));

            Machine.Result result =
                    machine.run(
                            List.of(
                                    "unshare",
                                    "--mount",
                                    "--propagation",
                                    "private",
                                    "sh",
                                    "-c",
                                    THROW_AWAY_ROOT,
                                    "sh",
                                    place.toString(),
                                    deb.toString(),
                                    LIFE));

            assertThat(result.status()).as(result.out() + result.err()).isZero();
            assertThat(result.out())
                    .contains("Session packaged created", "Session packaged destroyed");
        }
    }

    @Test
    void theArchiveIsUnpackedAndUsed() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path archive = packages(machine, ".tar.gz");
            Path place = Files.createDirectory(machine.root().resolve("unpacked"));
            Machine.Result unpacked =
                    machine.run(List.of("tar", "-xzf", archive.toString(), "-C", place.toString()));
            assertThat(unpacked.status()).as(unpacked.err()).isZero();
            Path home;
            try (var all = Files.list(place)) {
                home = all.findFirst().orElseThrow();
            }

            Machine.Result version =
                    machine.run(List.of(home.resolve("bin/contrail").toString(), "version"));

            assertThat(version.out()).startsWith("contrail version ");
            assertThat(home.resolve("share/man/man1/contrail.1")).isRegularFile();
            assertThat(home.resolve("LICENSE")).isRegularFile();
        }
    }

    private static Path packages(Machine machine, String suffix)
            throws IOException, InterruptedException {
        Path out = machine.root().resolve("packages");
        Machine.Result built =
                machine.run(List.of(Machine.checkout() + "/bench/package.sh", out.toString()));
        assertThat(built.status()).as(built.err()).isZero();
        return built.lines().stream()
                .filter(line -> line.endsWith(suffix))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
    }
}
