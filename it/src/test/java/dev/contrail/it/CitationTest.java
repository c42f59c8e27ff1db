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
import org.junit.jupiter.api.Test;

/// What comments cite is in the tree: each page, and each section of it.
class CitationTest {
    /// "`ctf.md` section 12", "`ctf.md` sections 6.4 and 13.4".
    private static final Pattern SECTIONS =
            Pattern.compile(
                    "`([\\w-]+\\.md)`,? sections? (\\d+(?:\\.\\d+)*(?:(?:, | and )\\d+(?:\\.\\d+)*)*)");

    private static final Pattern PAGE = Pattern.compile("[\\w./-]*\\w\\.md\\b");

    @Test
    void everyPageThatACommentCitesIsInTheTree() throws IOException {
        var missing = new ArrayList<String>();
        for (Path source : sources()) {
            Matcher page = PAGE.matcher(Files.readString(source));
            while (page.find()) {
                if (!isThere(source, page.group())) {
                    missing.add(source + " cites " + page.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everySectionThatACommentCitesIsOnItsPage() throws IOException {
        var missing = new ArrayList<String>();
        int found = 0;
        for (Path source : sources()) {
            // A citation may go on in the comment's next line.
            String text = Files.readString(source).replaceAll("\\n\\s*(///?|#) ", " ");
            Matcher citation = SECTIONS.matcher(text);
            while (citation.find()) {
                Set<String> sections = sections(spec(citation.group(1)));
                for (String section : citation.group(2).split(", | and ")) {
                    found++;
                    if (!sections.contains(section)) {
                        missing.add(source + ": " + citation.group(1) + " section " + section);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(50);
    }

    private static boolean isThere(Path source, String page) {
        return Files.exists(Machine.checkout().resolve(page))
                || Files.exists(Machine.checkout().resolve("docs").resolve(page))
                || Files.exists(spec(page))
                || Files.exists(source.resolveSibling(page));
    }

    private static Path spec(String page) {
        return Machine.checkout().resolve("docs/spec").resolve(page);
    }

    /// The numbers of a page's headings.
    private static Set<String> sections(Path page) throws IOException {
        var sections = new HashSet<String>();
        Matcher heading =
                Pattern.compile("(?m)^#+ (\\d+(?:\\.\\d+)*)\\.? ").matcher(Files.readString(page));
        while (heading.find()) {
            sections.add(heading.group(1));
        }
        return sections;
    }

    /// Sources, scripts and pages, but for the pages cited and the change log.
    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        try (var rooms = Files.list(Machine.checkout())) {
            for (Path room :
                    rooms.filter(each -> Files.isDirectory(each.resolve("src"))).toList()) {
                try (var all = Files.walk(room.resolve("src"))) {
                    all.filter(each -> each.toString().endsWith(".java")).forEach(sources::add);
                }
            }
        }
        sources.add(Machine.checkout().resolve("docs/architecture.md"));
        sources.add(Machine.checkout().resolve("docs/bounds.md"));
        assertThat(sources).hasSizeGreaterThan(500);
        return sources;
    }
}
