// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User.Said;
import dev.contrail.cli.console.EntryPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Command lines with the whole of their answers, as one reads them on a screen:
///
/// ```text
/// $ contrail create one
/// 1 Session one created.
/// 2 Warning: a line of standard error
/// = 4
/// ```
///
/// `1` and `2` are standard output and standard error; a status that is not told is 0. `DIR` is the
/// user's directory, `TIME` a time stamp.
public final class Dialogue {
    private static final Map<String, EntryPoint> PROGRAMS =
            Map.of(
                    "contrail", EntryPoint.CONTRAIL,
                    "lttng", EntryPoint.LTTNG,
                    "babeltrace2", EntryPoint.BABELTRACE);

    private final User user;

    private Dialogue(User user) {
        this.user = user;
    }

    /// Has these lines answered, and fails unless the answers are as written.
    public static void assertSaid(User user, String text) {
        assertThat(new Dialogue(user).held(text)).isEqualTo(text);
    }

    /// The text with the answers that were given.
    private String held(String text) {
        var lines = new ArrayList<String>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("$ ")) {
                lines.add(line);
                lines.addAll(answer(line.substring(2)));
            } else if (line.isEmpty() || line.startsWith("#")) {
                lines.add(line);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private List<String> answer(String line) {
        int blank = line.indexOf(' ');
        String program = blank < 0 ? line : line.substring(0, blank);
        String words = blank < 0 ? "" : line.substring(blank + 1);
        EntryPoint entry = PROGRAMS.get(program);
        assertThat(entry).as(program).isNotNull();
        return lines(user, user.run(entry, words));
    }

    /// An answer, line by line.
    static List<String> lines(User user, Said said) {
        var lines = new ArrayList<String>();
        user.withoutChance(said.out()).lines().forEach(each -> lines.add(line("1", each)));
        user.withoutChance(said.err()).lines().forEach(each -> lines.add(line("2", each)));
        if (said.status() != 0) {
            lines.add("= " + said.status());
        }
        return lines;
    }

    /// An empty line has no blank at its end: formatters take those away.
    private static String line(String stream, String text) {
        return text.isEmpty() ? stream : stream + " " + text;
    }
}
