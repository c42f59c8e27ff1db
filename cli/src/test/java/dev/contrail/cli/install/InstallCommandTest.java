// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `install` and `uninstall` refuse before they touch anything.
class InstallCommandTest {
    @TempDir Path directory;

    /// A script whose variable is empty does not mean the system's own place.
    @ParameterizedTest
    @CsvSource({
        "install --prefix '', --prefix",
        "install --prefix ' ', --prefix",
        "install --stage '', --stage",
        "install --prefix /tmp --stage ' ', --stage",
        "uninstall --prefix '', --prefix",
    })
    void anEmptyDirectoryIsNoDirectory(String line, String option) {
        User.Said said = User.at(directory).contrail(line);

        assertThat(said.status()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .isEqualTo(
                        "Error: %s names no directory: is a variable that it is made of empty?\n"
                                .formatted(option));
    }

    @ParameterizedTest
    @CsvSource({"install --user --prefix /tmp/x", "uninstall --user --prefix /tmp/x"})
    void aUsersPlaceAndANamedOneAreTwo(String line) {
        User.Said said = User.at(directory).contrail(line);

        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).isEqualTo("Error: Use either --user or --prefix\n");
    }

    /// Not even by root, nor if one waits.
    @Test
    void whereNoDirectoryCanBeMadeNothingIsInstalled() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        String advice =
                " Install as root, with --user below your home directory, or with --prefix where"
                        + " you may write\n";

        User.Said inProc = User.at(directory).contrail("install --prefix /proc/nosuch");
        assertThat(inProc.status()).isEqualTo(1);
        assertThat(inProc.err())
                .isEqualTo(
                        "Error: Cannot write below /proc/nosuch: /proc/nosuch: No such file or"
                                + " directory."
                                + advice);
        User.Said inFile = User.at(directory).contrail("install --prefix DIR/file");
        assertThat(inFile.status()).isEqualTo(1);
        assertThat(inFile.err())
                .isEqualTo(
                        "Error: Cannot write below %1$s: %1$s is no directory.%2$s"
                                .formatted(directory.resolve("file"), advice));
    }

    @Test
    void whatIsNotInstalledIsNotRemoved() throws IOException {
        Path prefix = directory.resolve("prefix");
        Path notes = Files.createDirectories(prefix.resolve("lib/contrail/my-notes"));
        Files.writeString(notes.resolve("thesis.txt"), "precious");
        User.Said said = User.at(directory).contrail("uninstall --prefix DIR/prefix");

        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err())
                .isEqualTo(
                        "Error: Contrail is not installed below "
                                + prefix
                                + ": name the directory with --prefix, or --user\n");
        assertThat(notes.resolve("thesis.txt")).hasContent("precious");
        assertThat(prefix.resolve("lib/contrail/directories")).doesNotExist();
    }

    @Test
    void whatWasInstalledIsRemovedAndNothingElse() throws IOException {
        Installation installation = Installation.at(directory.resolve("prefix"));
        Files.createDirectories(installation.prefix().resolve("share/man"));
        Path version = installation.version("0.1.0-0a1b2c3d");
        installation.make(version);
        Files.writeString(version.resolve("contrail"), "the program");
        installation.point(installation.current(), version);
        installation.point(installation.command(), installation.current().resolve("contrail"));
        Path foreign = installation.prefix().resolve("share/zsh/site-functions/_contrail");
        installation.make(Installation.directory(foreign));
        Files.writeString(foreign, "somebody else's");
        User.Said said = User.at(directory).contrail("uninstall --prefix DIR/prefix");

        assertThat(said.err()).isEmpty();
        assertThat(said.out())
                .isEqualTo("Contrail is removed from " + installation.prefix() + "\n");
        assertThat(installation.prefix().resolve("lib")).doesNotExist();
        assertThat(installation.prefix().resolve("bin")).doesNotExist();
        assertThat(installation.prefix().resolve("share/man")).isDirectory();
        assertThat(foreign).hasContent("somebody else's");
    }

    @Test
    void aVersionThatRunsIsNotRemoved() throws IOException, InterruptedException {
        Installation installation = Installation.at(directory.resolve("prefix"));
        Path version = installation.version("0.1.0-0a1b2c3d");
        installation.make(version);
        Path program = version.resolve("sleep");
        Files.copy(Path.of("/bin/sleep").toRealPath(), program);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Process running = new ProcessBuilder(program.toString(), "1000").start();
        try {
            User.Said said = User.at(directory).contrail("uninstall --prefix DIR/prefix");
            assertThat(said.status()).isEqualTo(1);
            assertThat(said.err())
                    .isEqualTo(
                            ("Error: Process %d runs from %s: end it first; a session daemon with"
                                            + " contrail sessiond --stop\n")
                                    .formatted(running.pid(), version));
            assertThat(program).exists();
        } finally {
            running.destroyForcibly().waitFor();
        }
        assertThat(User.at(directory).contrail("uninstall --prefix DIR/prefix").status()).isZero();
        assertThat(directory.resolve("prefix")).isEmptyDirectory();
    }

    /// Nothing could end them any more: a kernel's instance would record for ever.
    @Test
    void withSessionsNothingIsRemovedUnlessTheyShallStay() throws IOException {
        Path version = Installation.at(directory.resolve("prefix")).version("0.1.0-0a1b2c3d");
        Installation.at(directory.resolve("prefix")).make(version);
        User owner = User.withDaemon(directory);
        owner.succeed("create night --snapshot");
        owner.endDaemon();
        User.Said said = User.at(directory).contrail("uninstall --prefix DIR/prefix");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err())
                .isEqualTo(
                        "Error: Session night would stay and go on, with no program to end it:"
                                + " contrail destroy --all first, or uninstall --keep-sessions\n");
        assertThat(version).isDirectory();

        said = User.at(directory).contrail("uninstall --keep-sessions --prefix DIR/prefix");
        assertThat(said.status()).isZero();
        assertThat(version).doesNotExist();
    }

    @Test
    void aPackageIsLeftToThePackageManager() throws IOException {
        Installation installation = Installation.at(directory.resolve("prefix"));
        Path version = installation.version("0.1.0-0a1b2c3d");
        installation.make(version);
        Files.writeString(version.resolveSibling("package"), "apt remove contrail\n");
        User.Said said = User.at(directory).contrail("uninstall --prefix DIR/prefix");
        assertThat(said.status()).isEqualTo(1);
        String text =
                "Error: Contrail below %s is a package, whose files are the package manager's: ";
        String why = text.formatted(installation.prefix());
        assertThat(said.err()).isEqualTo(why + "apt remove contrail\n");
        assertThat(User.at(directory).contrail("install --prefix DIR/prefix").err())
                .startsWith(why + "install its next version, or name another directory");
        assertThat(version).isDirectory();
    }
}
