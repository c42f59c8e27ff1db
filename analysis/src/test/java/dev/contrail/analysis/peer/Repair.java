// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Metadata changed in one place so that babeltrace2 may take it, and it still means the same: the
/// proof that a word which it refuses has been read rightly.
///
/// @param text the metadata
/// @param newName of what the repair has renamed, or empty
record Repair(String text, String newName, String oldName) {
    private static final Pattern SYNTAX_ERROR =
            Pattern.compile(
                    "At line (\\d+) in metadata stream: syntax error, unexpected [^:]*: token=\"(.*?)\"\n",
                    Pattern.DOTALL);

    /// What to replace, by what babeltrace2 says.
    private static final Map<String, String[]> RULES =
            Map.of(
                    "Invalid metadata version found",
                    rule("\\A[^\n]*", "/* CTF 1.8 */"),
                    "Cannot find field class alias|Unexpected field class specifier",
                    rule("\\bconst\\b", ""),
                    "Cannot find stream class at this point: id=0",
                    rule("(?=\\bevent\\s*\\{)", "stream { };\n"),
                    "Invalid .map. attribute",
                    rule("\\bmap(\\s*=\\s*)\"([\\w. ]+)\"", "map$1$2"),
                    "Invalid constant unsigned integer",
                    rule("-\\s*0\\b", "0"),
                    "Missing .byte_order. attribute",
                    rule("\\bx\\.byte_order", "byte_order"),
                    "Unexpected unary expression for event class's .loglevel.",
                    rule("\\bloglevel\\s*=[^;]*;", ""),
                    "Invalid .encoding. attribute",
                    rule("(encoding\\s*=\\s*\"?)(?i:utf-?8|ascii)\\b", "$1utf8"));

    private static String[] rule(String found, String replacement) {
        return new String[] {found, replacement};
    }

    /// Whether babeltrace2 has stumbled over a word of the text, and not over what it means.
    static boolean isOfSyntax(String err) {
        return SYNTAX_ERROR.matcher(err).find();
    }

    /// How much of a text babeltrace2 has not read before it stumbled.
    static int wordsLeft(String text, String err) {
        Matcher error = SYNTAX_ERROR.matcher(err);
        return error.find() ? (int) text.lines().count() + 1 - Integer.parseInt(error.group(1)) : 0;
    }

    /// The same text with its words on lines of their own, as far as blanks are between them, so
    /// that the number of a line tells the word; without comments.
    static String spread(String text) {
        String rest = text.replaceFirst("\\A\\s*/\\* CTF 1\\.8.*?\\*/", "");
        var spread = new StringBuilder(rest.equals(text) ? "" : "/* CTF 1.8 */");
        for (String word : Shrinker.words(rest)) {
            boolean isGap =
                    word.isBlank()
                            || word.startsWith("//")
                            || word.length() > 2 && word.startsWith("/*");
            spread.append(isGap ? "\n" : word.matches("[;{}]") ? "\n" + word + "\n" : word);
        }
        return spread.toString().replaceAll("\n+", "\n");
    }

    /// What may be changed because of what babeltrace2 says of a text that is [#spread].
    static List<Repair> of(String text, String err) {
        var repairs = new ArrayList<Repair>();
        for (Map.Entry<String, String[]> rule : RULES.entrySet()) {
            if (Pattern.compile(rule.getKey()).matcher(err).find()) {
                String[] change = rule.getValue();
                repairs.add(new Repair(text.replaceAll(change[0], change[1]), "", ""));
            }
        }
        if (err.contains("Stream class has a `id` attribute, but trace has no packet header")) {
            repairs.add(new Repair(withoutId(text), "", ""));
        }
        Matcher error = SYNTAX_ERROR.matcher(err);
        if (error.find()) {
            at(text, Integer.parseInt(error.group(1)), error.group(2), repairs);
        }
        repairs.removeIf(each -> each.text.equals(text));
        return repairs;
    }

    /// Leaves out the `id` of the first stream class that has one.
    private static String withoutId(String text) {
        List<String> words = Shrinker.words(text);
        int depth = 0;
        boolean isStream = false;
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "{" -> depth++;
                case "}" -> depth--;
                case "stream" -> isStream = depth == 0 || isStream;
                case "event", "trace", "env", "clock", "typealias", "typedef" ->
                        isStream = depth > 0 && isStream;
                case "id" -> {
                    if (isStream && depth == 1) {
                        int end = i + words.subList(i, words.size()).indexOf(";");
                        return with(words, i, end + 1, "");
                    }
                }
                default -> {}
            }
        }
        return text;
    }

    private static void at(String text, int line, String token, List<Repair> repairs) {
        List<String> words = Shrinker.words(text);
        int now = 1;
        for (int i = 0; i < words.size() && now <= line; i++) {
            String word = words.get(i);
            if (now == line && word.matches("\\d\\w*(l|L|ll|LL)") && word.endsWith(token)) {
                String digits = word.substring(0, word.length() - token.length());
                repairs.add(new Repair(with(words, i, i + 1, digits), "", ""));
            }
            if (now == line && word.equals("'") && token.startsWith("'")) {
                doubleQuotes(words, i, token, repairs);
            }
            if (now == line && word.equals(token) && word.startsWith("\"")) {
                repairs.add(new Repair(with(words, i, i + 1, withoutCodes(word)), "", ""));
            } else if (now == line && word.equals(token)) {
                at(words, i, repairs);
            }
            now += (int) word.chars().filter(each -> each == '\n').count();
        }
    }

    /// Puts a text in single quotes, of several words, into double quotes.
    private static void doubleQuotes(
            List<String> words, int at, String token, List<Repair> repairs) {
        for (int end = at + 2; end <= words.size(); end++) {
            String quoted = String.join("", words.subList(at, end));
            if (quoted.equals(token)) {
                String doubled = "\"" + token.substring(1, token.length() - 1) + "\"";
                repairs.add(new Repair(with(words, at, end, doubled), "", ""));
            } else if (!token.startsWith(quoted)) {
                return;
            }
        }
    }

    private static void at(List<String> words, int at, List<Repair> repairs) {
        int before = at - 1;
        while (before > 0 && words.get(before).isBlank()) {
            before--;
        }
        rename(words, at, repairs); // before what leaves words out, which gets as far
        rename(words, before, repairs);
        switch (words.get(at)) {
            case "}" -> {
                if (words.get(before).equals("{")) { // no value has the label
                    repairs.add(
                            new Repair(with(words, at, at, "zq=-9223372036854775807\n"), "", ""));
                }
            }
            case ";" -> {
                int begin = beginOfStatement(words, at);
                inline(words, begin, at, repairs);
                repairs.add(new Repair(with(words, begin, at + 1, "\n"), "", ""));
            }
            case "-" -> {
                repairs.add(new Repair(with(words, before, at + 1, ""), "", ""));
                repairs.add(new Repair(with(words, before, at + 1, "-"), "", ""));
            }
            default -> {}
        }
        repairs.add(new Repair(with(words, at, at + 1, ""), "", ""));
    }

    /// A string with the bytes of characters that it names by their numbers.
    private static String withoutCodes(String string) {
        return Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
                .matcher(string)
                .replaceAll(code -> {
                    String digits = code.group(1) == null ? code.group(2) : code.group(1);
                    String character = Character.toString(Integer.parseInt(digits, 16));
                    return Matcher.quoteReplacement(character);
                });
    }

    private static String with(List<String> words, int from, int to, String replacement) {
        return String.join("", words.subList(0, from))
                + replacement
                + String.join("", words.subList(to, words.size()));
    }

    /// Renames what is called like a keyword, here alone or wherever it stands.
    private static void rename(List<String> words, int at, List<Repair> repairs) {
        String word = words.get(at);
        if (word.matches("[a-zA-Z_]\\w*")) {
            // the same name for a type wherever it is used, another where a field hides it
            for (String newName : List.of("zq" + word, "yq" + word)) {
                repairs.add(new Repair(with(words, at, at + 1, newName), newName, word));
            }
            String newName = "zq" + word;
            String all =
                    words.stream()
                            .map(each -> each.equals(word) ? newName : each)
                            .collect(Collectors.joining());
            repairs.add(new Repair(all, newName, word));
        }
    }

    /// Where the statement begins that ends with the semicolon at `end`.
    private static int beginOfStatement(List<String> words, int end) {
        int depth = 0;
        for (int i = end - 1; i > 0; i--) {
            String word = words.get(i);
            if (word.equals("}")) {
                depth++;
            } else if (word.equals("{") && --depth < 0 || depth == 0 && word.equals(";")) {
                return i + 1;
            }
        }
        return 1;
    }

    /// Puts the body of a named variant, structure or enumeration where its name is used.
    private static void inline(List<String> words, int begin, int end, List<Repair> repairs) {
        String statement = String.join("", words.subList(begin, end));
        Matcher declaration =
                Pattern.compile("\\s*(variant|struct|enum)\\s+([\\w\\\\]+)(.*)", Pattern.DOTALL)
                        .matcher(statement);
        if (!declaration.matches()) {
            return;
        }
        Pattern use =
                Pattern.compile(
                        "\\b%s\\s+%s\\b(\\s*<[^>]*>)?(?!\\s*[{:])"
                                .formatted(
                                        declaration.group(1), Pattern.quote(declaration.group(2))));
        String rest = String.join("", words.subList(end + 1, words.size()));
        String inlined =
                use.matcher(rest)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(
                                        declaration.group(1)
                                                + (found.group(1) == null ? "" : found.group(1))
                                                + declaration.group(3)));
        repairs.add(new Repair(String.join("", words.subList(0, begin)) + "\n" + inlined, "", ""));
    }
}
