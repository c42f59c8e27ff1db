// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What `CONTRIBUTING.md` names is there.
class ContributingTest {
    private static final Pattern QUOTED = Pattern.compile("`([^`\\s]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)\\)");

    private final Path checkout = Machine.checkout();
    private final String text;

    ContributingTest() throws IOException {
        text = Files.readString(checkout.resolve("CONTRIBUTING.md"));
    }

    @Test
    void everyFileOfTheTablesExists() throws IOException {
        var missing = new ArrayList<String>();
        int count = 0;
        for (String line : text.lines().filter(each -> each.startsWith("| `")).toList()) {
            Matcher name = QUOTED.matcher(line.substring(0, line.indexOf('|', 1)));
            while (name.find()) {
                count++;
                if (!exists(name.group(1))) {
                    missing.add(name.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(count).isGreaterThan(25);
    }

    @Test
    void everyOtherFileAndLinkExistsToo() throws IOException {
        var missing = new ArrayList<String>();
        Matcher name = QUOTED.matcher(text);
        while (name.find()) {
            if (name.group(1).endsWith(".java") && !exists(name.group(1))) {
                missing.add(name.group(1));
            }
        }
        Matcher link = LINK.matcher(text);
        while (link.find()) {
            if (!Files.exists(checkout.resolve(link.group(1)))) {
                missing.add(link.group(1));
            }
        }
        missing.removeIf(each -> each.equals("room/File.java"));
        assertThat(missing).isEmpty();
    }

    @Test
    void everyTestThatNoticesExists() throws IOException {
        Set<String> tests = new HashSet<>();
        for (Path room : rooms()) {
            sources(room).forEach(tests::add);
        }
        var named = new ArrayList<String>();
        Matcher name = QUOTED.matcher(text);
        while (name.find()) {
            if (name.group(1).matches("\\w+Test")) {
                named.add(name.group(1) + ".java");
            }
        }
        assertThat(named).hasSizeGreaterThan(10);
        assertThat(tests).containsAll(named);
    }

    @Test
    void everyTestOfItsCommandsExists() throws IOException {
        var tests = new ArrayList<String>();
        for (Path room : rooms()) {
            tests.addAll(sources(room));
        }
        Matcher name = Pattern.compile("-D(?:it\\.)?test=(\\w+)").matcher(text);
        var named = new ArrayList<String>();
        while (name.find()) {
            named.add(name.group(1) + ".java");
        }
        assertThat(named).hasSizeGreaterThan(2);
        assertThat(tests).containsAll(named);
    }

    @Test
    void theReadmeLeadsToIt() throws IOException {
        assertThat(Files.readString(checkout.resolve("README.md"))).contains("(CONTRIBUTING.md)");
    }

    /// `room/File.java`, wherever in the room, or a path from the top.
    private boolean exists(String name) throws IOException {
        if (Files.exists(checkout.resolve(name))) {
            return true;
        }
        Path room = checkout.resolve(name).getParent();
        String file = name.substring(name.indexOf('/') + 1);
        return Files.isDirectory(room.resolve("src")) && sources(room).contains(file);
    }

    private List<Path> rooms() throws IOException {
        try (Stream<Path> all = Files.list(checkout)) {
            return all.filter(each -> Files.isDirectory(each.resolve("src"))).toList();
        }
    }

    private static List<String> sources(Path room) throws IOException {
        try (Stream<Path> all = Files.walk(room.resolve("src"))) {
            return all.map(each -> each.getFileName().toString())
                    .filter(each -> each.endsWith(".java"))
                    .toList();
        }
    }
}
