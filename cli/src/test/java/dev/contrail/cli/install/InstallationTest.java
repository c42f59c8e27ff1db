// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstallationTest {
    @TempDir Path directory;

    @Test
    void aUsersLiesBelowTheHomeDirectory() {
        Installation user = Installation.ofUser(Path.of("/home/u"));
        assertThat(user.command()).isEqualTo(Path.of("/home/u/.local/bin/contrail"));
        assertThat(user.version("1")).isEqualTo(Path.of("/home/u/.local/lib/contrail/1"));
        assertThat(user.unit("contrail-sessiond.service"))
                .isEqualTo(Path.of("/home/u/.local/share/systemd/user/contrail-sessiond.service"));
        assertThat(user.isOfUser()).isTrue();
        assertThat(user.isStaged()).isFalse();
    }

    @Test
    void theSystemsUnitIsSystemds() {
        assertThat(Installation.at(Installation.SYSTEM).unit("contrail-sessiond.service"))
                .isEqualTo(Path.of("/usr/local/lib/systemd/system/contrail-sessiond.service"));
    }

    @Test
    void aProgramKnowsTheInstallationThatItIsOf() throws IOException {
        Path version = directory.resolve("lib/contrail/0.1.0-0a1b2c3d");
        assertThat(Installation.of(version.resolve("contrail"))).isEmpty();
        Files.createDirectories(version.resolve("runtime"));
        assertThat(Installation.of(version.resolve("contrail")))
                .contains(Installation.at(directory));
    }

    @Test
    void versionsAreDirectoriesAndNotTheLinkToTheCurrentOne() throws IOException {
        Installation installation = Installation.at(directory);
        assertThat(installation.installed()).isEmpty();
        Path one = Files.createDirectories(installation.version("0.1.0-SNAPSHOT-0a1b2c3d"));
        Path two = Files.createDirectories(installation.version("0.2.0-00000000"));
        Path unfinished = Files.createDirectories(installation.version(".0.3.0-ffffffff.1234"));
        installation.point(installation.current(), two);
        assertThat(installation.installed()).containsExactlyInAnyOrder(one, two, unfinished);
    }

    @Test
    void whatItDidNotMakeIsNoVersion() throws IOException {
        Installation installation = Installation.at(directory);
        for (String name :
                List.of(
                        "my-notes",
                        "1",
                        "0.1.0",
                        "notes-0a1b2c3d",
                        ".0.3.0-ffffffff",
                        "0.1-0A1B2C3D")) {
            Files.createDirectories(installation.version(name));
        }
        Files.writeString(installation.version("0.1.0-0a1b2c3d"), "a file");
        assertThat(installation.installed()).isEmpty();
    }

    @Test
    void aLinkIsReplacedByAnother() throws IOException {
        Installation installation = Installation.at(directory);
        installation.point(installation.current(), installation.version("1"));
        installation.point(installation.current(), installation.version("2"));
        assertThat(Files.readSymbolicLink(installation.current())).isEqualTo(Path.of("2"));
        try (var left = Files.list(installation.versions())) {
            assertThat(left)
                    .containsExactlyInAnyOrder(
                            installation.current(), installation.version("directories"));
        }
    }

    @Test
    void onlyLinksIntoItsVersionsAreItsOwn() throws IOException {
        Installation installation = Installation.at(directory);
        Path command = installation.command();
        assertThat(installation.isOurs(command)).isFalse();
        assertThat(installation.isForeign(command)).isFalse();
        installation.point(command, installation.current().resolve("contrail"));
        assertThat(installation.isOurs(command)).isTrue();
        assertThat(installation.isForeign(command)).isFalse();
        for (String strange : List.of("/usr/bin/true", "/no/such/file", "../elsewhere/contrail")) {
            Files.delete(command);
            Files.createSymbolicLink(command, Path.of(strange));
            assertThat(installation.isOurs(command)).as(strange).isFalse();
            assertThat(installation.isForeign(command)).as(strange).isTrue();
        }
        Files.delete(command);
        Files.writeString(command, "a stranger's");
        assertThat(installation.isOurs(command)).isFalse();
        assertThat(installation.isForeign(command)).isTrue();
    }

    /// Dotfiles: ~/.local/bin is often a link.
    @Test
    void bothDaemonsHaveOne() {
        assertThat(SystemdUnit.text("contrail-relayd.service", Installation.at(directory)))
                .contains("Contrail relay daemon", "/bin/contrail relayd\n", "contrail-relayd(1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--system", "--user"})
    void systemdFindsNothingWrongWithThem(String manager) throws Exception {
        Installation installation = Installation.at(directory.resolve("a b"));
        Path command = installation.command();
        Files.createDirectories(command.getParent());
        Files.writeString(command, "#!/bin/sh\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String unit : Installation.UNITS) {
            Path file =
                    Files.writeString(
                            directory.resolve(unit), SystemdUnit.text(unit, installation));
            Process verifying;
            try {
                var builder =
                        new ProcessBuilder(
                                        "systemd-analyze",
                                        manager,
                                        "--man=no",
                                        "verify",
                                        file.toString())
                                .redirectErrorStream(true);
                builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
                verifying = builder.start();
            } catch (IOException e) {
                assumeTrue(false, "systemd-analyze is not here");
                return;
            }
            String said = new String(verifying.getInputStream().readAllBytes(), UTF_8);
            assertThat(verifying.waitFor()).as(said).isZero();
            assertThat(said.lines().filter(each -> each.contains(unit))).isEmpty();
        }
    }

    @Test
    void itsLinksHoldWhereADirectoryIsItselfALink() throws IOException {
        Installation installation = Installation.at(directory.resolve("prefix"));
        Path bin = Files.createDirectories(directory.resolve("dot/files/of/mine/bin"));
        Files.createDirectories(installation.prefix());
        Files.createSymbolicLink(installation.prefix().resolve("bin"), bin);
        Path version = Files.createDirectories(installation.version("0.1.0-0a1b2c3d"));
        Files.writeString(version.resolve("contrail"), "the program");
        installation.point(installation.current(), version);
        installation.point(installation.command(), installation.current().resolve("contrail"));

        assertThat(installation.command()).hasContent("the program");
        assertThat(bin.resolve("contrail")).hasContent("the program");
        assertThat(installation.isOurs(installation.command())).isTrue();
    }

    @Test
    void onlyTheDirectoriesThatItMadeAreItsOwn() throws IOException {
        Installation installation = Installation.at(directory);
        Path theirs = Files.createDirectories(directory.resolve("share/man"));
        installation.point(
                directory.resolve("share/man/man1/contrail.1"),
                installation.current().resolve("share/man/contrail.1"));

        assertThat(installation.made())
                .containsExactly(
                        theirs.resolve("man1"),
                        directory.resolve("lib/contrail"),
                        directory.resolve("lib"));
    }

    /// The list lies where others may write it.
    @Test
    void noLineMakesADirectoryElsewhereItsOwn() throws IOException {
        Installation installation = Installation.at(directory.resolve("prefix"));
        installation.make(installation.versions());
        Files.writeString(installation.version("directories"), "../outside\n/etc\n.\n\nbin\n");

        assertThat(installation.made())
                .containsExactly(installation.versions(), installation.prefix().resolve("bin"));
    }

    @Test
    void everybodyMayEnterWhatItMakesOfASystem() throws IOException {
        Installation system = Installation.at(directory.resolve("system"));
        system.make(system.versions());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(system.versions())))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void whoMakesDirectoriesAtOnceAllHaveThemAndTheListIsWhole() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 100; round++) {
                var all = Installation.at(directory.resolve("prefix" + round));
                var begin = new CyclicBarrier(4);
                Callable<Boolean> making =
                        () -> {
                            begin.await();
                            all.make(all.versions());
                            return Files.isDirectory(all.versions());
                        };
                for (var each : threads.invokeAll(Collections.nCopies(4, making))) {
                    assertThat(each.get()).isTrue();
                }
                assertThat(all.made()).containsExactly(all.versions(), all.versions().getParent());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/local, ExecStart=/usr/local/bin/contrail sessiond",
        "/opt/a b, 'ExecStart=\"/opt/a b/bin/contrail\" sessiond'",
        "/opt/50%$x, 'ExecStart=\"/opt/50%%$$x/bin/contrail\" sessiond'",
        "'/opt/\"q\\', 'ExecStart=\"/opt/\\\"q\\\\/bin/contrail\" sessiond'",
    })
    void itsUnitNamesItsCommandAsSystemdReadsIt(String prefix, String line) {
        assertThat(
                        SystemdUnit.text(
                                        "contrail-sessiond.service",
                                        Installation.at(Path.of(prefix)))
                                .lines())
                .contains(line);
    }

    @Test
    void itsLinksHoldWhereverThePrefixIsMounted() throws IOException {
        Installation installation = Installation.at(directory);
        Path pages = Files.createDirectories(installation.current().resolve("share/man"));
        Files.writeString(pages.resolve("contrail-view.1"), "");
        assertThat(installation.links())
                .containsEntry(installation.command(), installation.current().resolve("contrail"));
        Path page = directory.resolve("share/man/man1/contrail-view.1");
        installation.point(page, installation.links().get(page));
        assertThat(Files.readSymbolicLink(page))
                .isEqualTo(Path.of("../../../lib/contrail/current/share/man/contrail-view.1"));
    }

    @Test
    void aPackageIsWrittenBelowItsStage() throws IOException {
        var staged = new Installation(Path.of("/usr"), directory);
        assertThat(staged.isStaged()).isTrue();
        assertThat(staged.written(staged.command()))
                .isEqualTo(directory.resolve("usr/bin/contrail"));
        staged.point(staged.command(), staged.current().resolve("contrail"));
        assertThat(Files.readSymbolicLink(directory.resolve("usr/bin/contrail")))
                .isEqualTo(Path.of("../lib/contrail/current/contrail"));
        assertThat(staged.isOurs(staged.command())).isTrue();
    }
}
