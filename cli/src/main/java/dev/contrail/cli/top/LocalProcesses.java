// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.top.LocalFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What `/proc` says.
final class LocalProcesses implements LocalFacts {
    /// Options of `java` whose value is the next word.
    private static final Set<String> WITH_VALUE =
            Set.of(
                    "-cp",
                    "-classpath",
                    "--class-path",
                    "-p",
                    "--module-path",
                    "--upgrade-module-path",
                    "--add-modules",
                    "--limit-modules",
                    "--add-reads",
                    "--add-exports",
                    "--add-opens",
                    "--patch-module",
                    "--enable-native-access",
                    "--source");

    /// Classes that are called as many others are: their packages tell more.
    private static final Set<String> GENERIC =
            Set.of("Main", "Launcher", "Bootstrap", "App", "Application");

    private final Path proc;

    LocalProcesses() {
        this(Path.of("/proc"));
    }

    LocalProcesses(Path proc) {
        this.proc = proc;
    }

    @Override
    public Optional<LocalThread> thread(long tid) {
        String name = "";
        long pid = -1;
        try {
            for (String line : Files.readAllLines(proc.resolve(tid + "/status"))) {
                if (line.startsWith("Name:")) {
                    name = line.substring("Name:".length()).strip();
                } else if (line.startsWith("Tgid:")) {
                    pid = Long.parseLong(line.substring("Tgid:".length()).strip());
                }
            }
        } catch (IOException | NumberFormatException e) {
            return Optional.empty(); // it has ended
        }
        return pid < 0 ? Optional.empty() : Optional.of(new LocalThread(pid, name));
    }

    @Override
    public String program(long pid) {
        try {
            byte[] line = Files.readAllBytes(proc.resolve(pid + "/cmdline"));
            return program(List.of(new String(line, StandardCharsets.UTF_8).split("\0", -1)));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /// The simple name of the main class, with its package's where that says little, or the file
    /// name of the jar, in the words of a command that starts a virtual machine.
    static String program(List<String> words) {
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            boolean hasNext = i + 1 < words.size();
            if (WITH_VALUE.contains(word)) {
                i++;
            } else if (word.equals("-jar")) {
                return hasNext ? file(words.get(i + 1)) : "";
            } else if (word.equals("-m") || word.equals("--module")) {
                return hasNext ? simple(words.get(i + 1)) : "";
            } else if (word.startsWith("--module=")) {
                return simple(word.substring(word.indexOf('=') + 1));
            } else if (!word.startsWith("-") && !word.startsWith("@") && !word.isEmpty()) {
                return word.endsWith(".java") ? file(word) : simple(word);
            }
        }
        return "";
    }

    private static String file(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String simple(String mainClass) {
        String main = file(mainClass);
        int simple = main.lastIndexOf('.') + 1;
        boolean isGeneric = GENERIC.contains(main.substring(simple));
        return main.substring(isGeneric ? main.lastIndexOf('.', simple - 2) + 1 : simple);
    }

    @Override
    public String file(long pid, long descriptor) {
        try {
            return Files.readSymbolicLink(proc.resolve(pid + "/fd/" + descriptor)).toString();
        } catch (IOException | InvalidPathException e) {
            return ""; // it is closed, or the process has ended
        }
    }
}
