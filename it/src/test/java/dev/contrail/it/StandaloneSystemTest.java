// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A project outside the build that knows the tracer by its coordinates only.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class StandaloneSystemTest {
    @Test
    void theArtifactIsAllThatAProgramWithEventsNeeds() throws IOException, InterruptedException {
        Needs.tool("mvn");
        try (Machine machine = Machine.open()) {
            machine.environment().put("JAVA_HOME", System.getProperty("java.home"));
            machine.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + local(machine));
            Path repository = machine.root().resolve("repository");
            fetching(
                    machine,
                    List.of(Machine.checkout() + "/bench/artifact.sh", repository.toString()));
            assertThat(suffixes(repository))
                    .contains(".jar", "-sources.jar", "-javadoc.jar", ".pom");

            Path project = machine.root().resolve("project");
            copy(Machine.checkout().resolve("samples/standalone"), project);
            fetching(
                    machine,
                    List.of(
                            "mvn",
                            "-q",
                            "-B",
                            "-f",
                            project.resolve("pom.xml").toString(),
                            "-Dcontrail.repository=" + repository.toUri(),
                            "package"));
            Path trace = machine.root().resolve("trace");
            Machine.Result recorded =
                    machine.contrail(
                            "record",
                            "-o",
                            trace.toString(),
                            "-u",
                            "bakery:*",
                            "--",
                            "java",
                            "-jar",
                            project.resolve("target/bakery.jar").toString(),
                            "5");

            assertThat(recorded.status()).as(recorded.err()).isZero();
            assertThat(recorded.out()).isEqualTo("baked 5 loaves\n");
            assertThat(machine.succeed("view", "--no-pager", trace.toString()).lines().toList())
                    .hasSize(6)
                    .satisfies(lines -> {
                        assertThat(lines.get(1))
                                .contains("bakery:baked: ", "loaf = 2, flour = \"rye\"");
                        assertThat(lines.get(5)).contains("bakery:closed: ", "loaves = 5");
                    });
        }
    }

    /// Runs what may fetch something from a repository for Maven, and fails when it does, unless
    /// that cannot be reached.
    private static void fetching(Machine machine, List<String> command)
            throws IOException, InterruptedException {
        Machine.Result result = machine.run(command);
        Needs.plugins(result.out() + result.err());
        assertThat(result.status()).as(result.out() + result.err()).isZero();
    }

    /// A local repository that has what the user's has, and gets what that lacks, but has nothing
    /// of ours.
    private static Path local(Machine machine) throws IOException {
        Path users =
                Path.of(
                        System.getProperty(
                                "localRepository",
                                System.getProperty("user.home") + "/.m2/repository"));
        Path local = machine.root().resolve("local");
        link(users, local, "dev");
        link(users.resolve("dev"), local.resolve("dev"), "contrail");
        return local;
    }

    private static void link(Path from, Path to, String without) throws IOException {
        Files.createDirectory(to);
        if (Files.isDirectory(from)) {
            try (var all = Files.list(from)) {
                for (Path each : (Iterable<Path>) all::iterator) {
                    if (!each.endsWith(without)) {
                        Files.createSymbolicLink(to.resolve(each.getFileName()), each);
                    }
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                if (!from.relativize(each).startsWith("target")) {
                    Files.copy(each, to.resolve(from.relativize(each).toString()));
                }
            }
        }
    }

    /// How the names of the artifact's files go on after its version.
    private static List<String> suffixes(Path repository) throws IOException {
        var suffixes = new ArrayList<String>();
        try (var all = Files.walk(repository)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                suffixes.add(
                        each.getFileName().toString().replaceFirst("^tracer-0[-.\\d]*\\d", ""));
            }
        }
        return suffixes;
    }
}
