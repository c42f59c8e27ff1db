// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import dev.contrail.cli.jvm.JavaProcess.Standing;
import dev.contrail.posix.ProcFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks for the JVMs of this machine, in `/proc` and in what they tell of themselves. Our own
/// commands and daemons are none of them.
public final class JavaProcesses {
    private static final int OLDEST_JDK = 17;
    private static final Pattern LIBRARY =
            Pattern.compile("(?m) (/.*/libjvm\\.so)( \\(deleted\\))?$");
    private static final Pattern OTHER_LIBRARY = Pattern.compile("(?m)/libj9vm\\d*\\.so$");
    private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"([^\"]*)\"");
    private static final Pattern RING =
            Pattern.compile("(?m)/[^/\n]*\\.ring\nSize:.*\n(?:[^R].*\n)*Rss: +([0-9]+) kB$");
    private static final String OWN_MODULE = "dev.contrail.cli/";

    private static final String START_WITH_AGENT =
            "start it with -javaagent:$(contrail agent) to record its log";

    private final int uid;

    /// @param uid of who wants to know
    public JavaProcesses(int uid) {
        this.uid = uid;
    }

    /// All that there are, by their process ids.
    public List<JavaProcess> all() {
        var all = new ArrayList<JavaProcess>();
        for (int pid : ProcFiles.numbers("/proc")) {
            find(pid).ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    /// The JVM that a process is, if it is one.
    public Optional<JavaProcess> find(int pid) {
        Path process = Path.of("/proc", Integer.toString(pid));
        try {
            String status = read(process.resolve("status"));
            String words = read(process.resolve("cmdline"));
            String maps;
            try {
                maps = read(process.resolve("maps"));
            } catch (IOException e) {
                boolean isJava = read(process.resolve("comm")).equals("java\n");
                return isJava && !words.isEmpty()
                        ? Optional.of(refused(pid, named(words), ofOther(status)))
                        : Optional.empty();
            }
            Matcher library = LIBRARY.matcher(maps);
            if (library.find()) {
                var found = new Found(pid, process, status, words, library.group(1));
                return isOurs(words) ? Optional.empty() : Optional.of(found.judged(uid));
            }
            return OTHER_LIBRARY.matcher(maps).find()
                    ? Optional.of(refused(pid, named(words), "its JVM is OpenJ9, not HotSpot"))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it has ended
        }
    }

    private static boolean isOurs(String words) {
        return words.contains("\0" + OWN_MODULE) || words.contains("\0-Dcontrail.launcher=");
    }

    private static String ofOther(String status) {
        return "it is of user %d: run this as that user, or as root"
                .formatted(number(status, "Uid", 1));
    }

    private static JavaProcess refused(int pid, String name, String reason) {
        return new JavaProcess(pid, name, Standing.REFUSED, reason, 0);
    }

    /// The Java image of a library that a process has mapped, below its root: what it has mapped is
    /// told as we see it where it is in a `chroot`, and as it does where its mounts are others
    /// (proc_pid_maps(5)).
    ///
    /// @param root of the process, as we see it
    static Path imageOf(Path library, Path root) {
        Path inside = (library.startsWith(root) ? root : Path.of("/")).relativize(library);
        int names = inside.getNameCount();
        return names > 3 ? inside.subpath(0, names - 3) : Path.of("");
    }

    /// A number of a line of `status`: the first one has the index 0.
    static long number(String status, String line, int index) {
        Matcher found = Pattern.compile("(?m)^" + line + ":((?:\\s+[0-9a-f]+)+)$").matcher(status);
        if (!found.find()) {
            return -1;
        }
        String[] numbers = found.group(1).strip().split("\\s+");
        String wanted =
                numbers[index < 0 ? numbers.length - 1 : Math.min(index, numbers.length - 1)];
        try {
            return line.startsWith("Sig")
                    ? Long.parseUnsignedLong(wanted, 16)
                    : Long.parseLong(wanted);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /// Files of `/proc`, which have bytes of any character set in them.
    static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /// The program of a command line: what follows the options of `java`, as far as they are known.
    static String named(String words) {
        String[] all = words.split("\0");
        for (int i = 1; i < all.length; i++) {
            if (all[i].equals("-jar") || all[i].equals("-m") || all[i].equals("--module")) {
                return i + 1 < all.length ? all[i + 1] : all[0];
            }
            if (all[i].matches(
                            "-cp|-classpath|--class-path|-p|--module-path|--add-.*|--upgrade-module-path|--limit-modules")
                    && !all[i].contains("=")) {
                i++;
            } else if (!all[i].startsWith("-") && !all[i].startsWith("@")) {
                return all[i];
            }
        }
        return all[0];
    }

    /// What is known of a process that has HotSpot in it.
    private record Found(int pid, Path process, String status, String words, String library) {
        JavaProcess judged(int uid) {
            Optional<PerformanceCounters> told = told();
            String name =
                    told.flatMap(each -> each.text(PerformanceCounters.COMMAND))
                            .map(each -> each.split(" ", 2)[0])
                            .orElseGet(() -> named(words));
            if (hasTracer()) {
                return new JavaProcess(pid, name, Standing.ATTACHED, "", ringBytes());
            }
            String reason = reason(uid, told);
            return reason.isEmpty()
                    ? new JavaProcess(pid, name, Standing.ATTACHABLE, "", 0)
                    : refused(pid, name, reason);
        }

        private Optional<PerformanceCounters> told() {
            try (var directories =
                    Files.newDirectoryStream(process.resolve("root/tmp"), "hsperfdata_*")) {
                for (Path each : directories) {
                    Path file = each.resolve(Integer.toString(inner()));
                    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            && AttachSocket.owner(file) == number(status, "Uid", 1)) {
                        return Optional.of(PerformanceCounters.read(file));
                    }
                }
            } catch (IOException e) {
                return Optional.empty(); // of another user, or without -XX:+UsePerfData
            }
            return Optional.empty();
        }

        private boolean hasTracer() {
            for (int each : ProcFiles.numbers(process.resolve("task").toString())) {
                try {
                    Path task = process.resolve("task").resolve(Integer.toString(each));
                    if (read(task.resolve("comm")).equals("contrail-link\n")) {
                        return true;
                    }
                } catch (IOException e) {
                    continue; // it has ended
                }
            }
            return false;
        }

        /// What is resident of the ring file that it maps (proc_pid_smaps(5)).
        private long ringBytes() {
            try {
                Matcher found = RING.matcher(read(process.resolve("smaps")));
                return found.find() ? Long.parseLong(found.group(1)) << 10 : 0;
            } catch (IOException | NumberFormatException e) {
                return 0;
            }
        }

        private String reason(int uid, Optional<PerformanceCounters> told) {
            long owner = number(status, "Uid", 1);
            if (uid != 0 && owner != uid) {
                return ofOther(status);
            }
            int version = version(told);
            if (version > 0 && version < OLDEST_JDK) {
                return "its JDK is %d: the tracer needs %d".formatted(version, OLDEST_JDK);
            }
            Optional<String> capabilities =
                    told.flatMap(each -> each.text(PerformanceCounters.CAPABILITIES));
            boolean isDisabled =
                    capabilities.isPresent()
                            ? capabilities.get().charAt(0) != '1'
                            : words.contains("\0-XX:+DisableAttachMechanism\0");
            if (isDisabled) {
                return "it was started with -XX:+DisableAttachMechanism: " + START_WITH_AGENT;
            }
            if (words.contains("\0-XX:-EnableDynamicAgentLoading\0")) {
                return "it was started with -XX:-EnableDynamicAgentLoading: " + START_WITH_AGENT;
            }
            if (!Files.exists(image().resolve("lib/libinstrument.so"))) {
                return "its Java image has no module java.instrument";
            }
            if ((number(status, "SigCgt", 0) & 1L << AttachSocket.SIGQUIT - 1) == 0
                    && !Files.exists(AttachSocket.of(pid, inner()))) {
                return "it does not listen to tools (-Xrs, or it is just starting): "
                        + START_WITH_AGENT;
            }
            if (status.contains("\nState:\tT")) {
                return "it is stopped: kill -CONT %d lets it go on".formatted(pid);
            }
            return "";
        }

        private int inner() {
            return (int) number(status, "NSpid", -1);
        }

        /// The Java image, as the process sees it.
        private Path image() {
            return process.resolve("root").resolve(imageOf(Path.of(library), root()));
        }

        /// Where its root is among our files; ours when it has none there, or does not tell.
        private Path root() {
            try {
                return Files.readSymbolicLink(process.resolve("root"));
            } catch (IOException e) {
                return Path.of("/");
            }
        }

        private int version(Optional<PerformanceCounters> told) {
            String text =
                    told.flatMap(each -> each.text(PerformanceCounters.VERSION))
                            .orElseGet(this::release);
            String number = text.startsWith("1.") ? text.substring(2) : text;
            Matcher digits = Pattern.compile("^\\d{1,4}").matcher(number);
            return digits.find() ? Integer.parseInt(digits.group()) : 0;
        }

        private String release() {
            try {
                Matcher found = RELEASE.matcher(read(image().resolve("release")));
                return found.find() ? found.group(1) : "";
            } catch (IOException e) {
                return ""; // it does not say
            }
        }
    }
}
