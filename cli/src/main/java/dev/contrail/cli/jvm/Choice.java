// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.jvm.JavaProcess.Standing;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which JVMs a user means.
public final class Choice {
    private Choice() {}

    /// Those of a process id, or of a name.
    ///
    /// @throws Failure when there is none
    public static List<JavaProcess> of(String word, List<JavaProcess> all) throws Failure {
        List<JavaProcess> found =
                word.matches("\\d{1,9}")
                        ? all.stream().filter(each -> each.pid() == Integer.parseInt(word)).toList()
                        : all.stream().filter(each -> isNamed(each, word)).toList();
        if (found.isEmpty()) {
            throw new Failure(
                    word.matches("\\d+")
                            ? "Process %s is no JVM (a native image is none); %s"
                                    .formatted(word, those(all))
                            : "No JVM is named %s%s; %s"
                                    .formatted(
                                            word,
                                            Suggestion.of(
                                                            word,
                                                            all.stream()
                                                                    .map(each -> simple(each))
                                                                    .toList())
                                                    .map(each -> " (" + each + " is one)")
                                                    .orElse(""),
                                            those(all)));
        }
        return found;
    }

    private static boolean isNamed(JavaProcess process, String word) {
        Pattern pattern =
                Pattern.compile(
                        Arrays.stream(word.split("\\*", -1))
                                .map(Pattern::quote)
                                .collect(Collectors.joining(".*")));
        return pattern.matcher(process.name()).matches()
                || pattern.matcher(simple(process)).matches();
    }

    /// A class without its package and module, a jar without its directory.
    public static String simple(JavaProcess process) {
        String name = process.name().substring(process.name().lastIndexOf('/') + 1);
        return name.endsWith(".jar") ? name : name.substring(name.lastIndexOf('.') + 1);
    }

    /// The only JVM that the tracer is in or can get into.
    ///
    /// @throws Failure when there are none or several
    public static JavaProcess only(List<JavaProcess> all) throws Failure {
        List<JavaProcess> possible =
                all.stream().filter(each -> each.standing() != Standing.REFUSED).toList();
        if (all.size() == 1 && possible.isEmpty()) {
            return all.getFirst(); // which will be told why not
        }
        if (possible.size() != 1) {
            throw new Failure(
                    possible.isEmpty()
                            ? "There is nothing to attach to: " + those(all)
                            : "Which JVM? " + those(all));
        }
        return possible.getFirst();
    }

    /// As a user finds it again.
    public static String shown(JavaProcess process) {
        return "%s (process %d)".formatted(process.name(), process.pid());
    }

    private static String those(List<JavaProcess> all) {
        return all.isEmpty()
                ? "no JVM runs here that you may see"
                : all.stream()
                        .map(each ->
                                each.reason().isEmpty()
                                        ? "%d %s".formatted(each.pid(), each.name())
                                        : "%d %s (%s)"
                                                .formatted(each.pid(), each.name(), each.reason()))
                        .collect(Collectors.joining(", ", "JVMs here: ", ""));
    }
}
