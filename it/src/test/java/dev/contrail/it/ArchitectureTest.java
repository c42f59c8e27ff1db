// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The walls of `docs/architecture.md`.
class ArchitectureTest {
    private static final Map<String, List<String>> MAY_USE =
            new TreeMap<>(
                    Map.of(
                            "posix", List.of(),
                            "tracer", List.of(),
                            "ctf", List.of(),
                            "wire", List.of(),
                            "recorder", List.of("tracer", "ctf", "wire"),
                            "kernel", List.of("recorder", "ctf", "wire", "posix"),
                            "relay", List.of("ctf", "wire"),
                            "analysis", List.of("tracer", "ctf", "wire"),
                            "cli",
                                    List.of(
                                            "posix",
                                            "ctf",
                                            "wire",
                                            "recorder",
                                            "kernel",
                                            "relay",
                                            "analysis"),
                            "samples", List.of("tracer")));

    /// With the page of the package.
    private static final long MOST_FILES = 26;

    /// A file is its top-level class with all that is nested in it.
    private static final SliceAssignment FILES =
            new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass each) {
                    return each.getPackageName().startsWith("dev.contrail.")
                            ? SliceIdentifier.of(each.getName().replaceFirst("\\$.*", ""))
                            : SliceIdentifier.ignore();
                }

                @Override
                public String getDescription() {
                    return "files";
                }
            };

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

    /// Each row of the table of rooms against the module's own declaration, both ways.
    @Test
    void theTableOfRoomsSaysWhatEachRequires() throws IOException {
        Map<String, List<String>> table = table();
        for (String room : List.copyOf(MAY_USE.keySet())) {
            ModuleDescriptor module =
                    ModuleFinder.of(Machine.jar(room)).findAll().iterator().next().descriptor();
            if (module.isAutomatic()) {
                continue; // on the class path, as those of users are
            }
            List<String> required =
                    module.requires().stream()
                            .map(ModuleDescriptor.Requires::name)
                            .filter(name -> name.startsWith("dev.contrail."))
                            .map(name -> name.substring("dev.contrail.".length()))
                            .toList();
            assertThat(table.get(room)).as(room).containsExactlyInAnyOrderElementsOf(required);
        }
    }

    /// Each row of the table of packages against the code and its module's exports, both ways.
    @Test
    void theTableOfPackagesIsTrue() throws IOException {
        var exported = new TreeMap<String, String>();
        for (String room : MAY_USE.keySet()) {
            ModuleDescriptor module =
                    ModuleFinder.of(Machine.jar(room)).findAll().iterator().next().descriptor();
            if (!module.isAutomatic() && !room.equals("samples")) {
                module.packages().forEach(each -> exported.put(each, "–"));
                module.exports().forEach(each -> exported.put(each.source(), targets(each)));
            }
        }
        var told = new TreeMap<String, String>();
        for (String line : Files.readAllLines(Machine.checkout().resolve("docs/architecture.md"))) {
            String[] cells = line.split(" \\| ?");
            if (cells.length == 3 && cells[0].matches("\\| `[a-z][\\w.]*`")) {
                told.put("dev.contrail." + cells[0].replaceAll("[| `]", ""), cells[2]);
            }
        }
        assertThat(told).isEqualTo(exported);
    }

    /// Tests are not worth a word.
    private static String targets(ModuleDescriptor.Exports exports) {
        if (!exports.isQualified()) {
            return "all";
        }
        return exports.targets().stream()
                .map(each -> each.replace("dev.contrail.", ""))
                .filter(each -> !List.of("it", "bench").contains(each))
                .sorted()
                .map(each -> "`" + each + "`")
                .collect(joining(", "));
    }

    @Test
    void everyRoomIsInTheTable() throws IOException {
        assertThat(table().keySet()).containsAll(MAY_USE.keySet());
    }

    /// Rooms, and what they require by the fourth column of `docs/architecture.md`.
    private static Map<String, List<String>> table() throws IOException {
        var table = new TreeMap<String, List<String>>();
        for (String line : Files.readAllLines(Machine.checkout().resolve("docs/architecture.md"))) {
            String[] cells = line.split(" \\| ");
            if (cells.length == 5 && cells[0].startsWith("| `")) {
                String room = cells[0].replaceAll("^\\| `(\\w+)`.*", "$1");
                List<String> required =
                        Pattern.compile("`(\\w+)`")
                                .matcher(cells[3])
                                .results()
                                .map(each -> each.group(1))
                                .toList();
                table.put(room, required);
            }
        }
        return table;
    }

    /// Which package uses which has no cycle: a stranger can read from the bottom up.
    @Test
    void noPackagesUseEachOther() {
        slices().matching("dev.contrail.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /// Two files that use each other are one.
    @Test
    void noFilesUseEachOther() {
        slices().assignedFrom(FILES).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void aPackageIsNoLargerThanAStrangerCanSurvey() {
        Map<String, Long> files =
                CLASSES.stream()
                        .filter(ArchitectureTest::isOfAFile)
                        .collect(groupingBy(JavaClass::getPackageName, counting()));
        assertThat(files).hasSizeGreaterThan(30);
        assertThat(files)
                .allSatisfy((name, count) -> assertThat(count).isLessThanOrEqualTo(MOST_FILES));
    }

    @Test
    void aSimpleNameOccursOnce() {
        Map<String, List<String>> names =
                CLASSES.stream()
                        .filter(ArchitectureTest::isOfAFile)
                        .filter(each -> !each.getSimpleName().equals("package-info"))
                        .collect(
                                groupingBy(
                                        JavaClass::getSimpleName,
                                        TreeMap::new,
                                        mapping(JavaClass::getName, toList())));
        assertThat(names.values()).allSatisfy(each -> assertThat(each).hasSize(1));
    }

    private static boolean isOfAFile(JavaClass each) {
        return !each.getName().contains("$");
    }

    /// But for the tracer's clock and its threads' counters, which have nobody's library below
    /// them.
    @Test
    void onlyThePosixRoomMakesForeignCalls() {
        noClasses()
                .that()
                .resideOutsideOfPackage(of("posix") + "..")
                .and()
                .haveNameNotMatching(".*\\.(TracerClock|ThreadUsage)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class)
                .orShould()
                .callMethodWhere(
                        target(nameMatching("reinterpret"))
                                .and(target(owner(assignableTo(MemorySegment.class)))))
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
