// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The walls of `docs/architecture.md`.
class ArchitectureTest {
    private static final Map<String, List<String>> MAY_USE =
            new TreeMap<>(
                    Map.of(
                            "tracer", List.of(),
                            "ctf", List.of(),
                            "wire", List.of(),
                            "recorder", List.of("tracer", "ctf", "wire"),
                            "kernel", List.of("recorder", "ctf", "wire"),
                            "analysis", List.of("tracer", "ctf", "wire"),
                            "cli",
                                    List.of(
                                            "tracer",
                                            "ctf",
                                            "wire",
                                            "recorder",
                                            "kernel",
                                            "analysis"),
                            "samples", List.of("tracer")));
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .importUrls(MAY_USE.keySet().stream().map(ArchitectureTest::jar).toList());

    @Test
    void everyRoomWasRead() {
        for (String room : MAY_USE.keySet()) {
            assertThat(
                            CLASSES.stream()
                                    .anyMatch(each -> each.getPackageName().startsWith(of(room))))
                    .as(room)
                    .isTrue();
        }
    }

    @Test
    void roomsDependOnlyOnThoseBelowThem() {
        MAY_USE.forEach((room, allowed) -> {
            var others = new ArrayList<>(MAY_USE.keySet());
            others.remove(room);
            others.removeAll(allowed);
            noClasses()
                    .that()
                    .resideInAPackage(of(room) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            others.stream().map(other -> of(other) + "..").toArray(String[]::new))
                    .check(CLASSES);
        });
    }

    @Test
    void onlyTheKernelRoomMakesForeignCalls() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.contrail.kernel..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(CLASSES);
    }

    @Test
    void noClassIsNamedAfterNothing() {
        classes()
                .that()
                .resideInAPackage("dev.contrail..")
                .should()
                .haveNameNotMatching(".*(Manager|Util|Utils|Helper|Impl|Base|Data|Info)$")
                .check(CLASSES);
    }

    private static URL jar(String room) {
        try {
            return URI.create("jar:" + Machine.jar(room).toUri() + "!/").toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    private static String of(String room) {
        return "dev.contrail." + room;
    }
}
