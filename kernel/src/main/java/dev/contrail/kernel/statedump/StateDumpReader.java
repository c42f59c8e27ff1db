// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.statedump;

import dev.contrail.posix.ProcFiles;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// Reads a state dump from `/proc`. What vanishes while it is read is left out. Used by one thread.
public final class StateDumpReader {
    private static final int MODE_UNKNOWN = 5;
    private static final int KERNEL_THREAD_FLAG = 0x0020_0000;
    private static final int FLAGS = 9 - 3;
    private static final int PARENT = 4 - 3;
    private static final int CPU = 39 - 3;

    /// Those with a record of their own first.
    private static final List<String> NAMESPACES =
            Stream.concat(StateDumpClasses.NAMESPACES.stream(), Stream.of("pid", "user")).toList();

    private static final int PID = NAMESPACES.size() - 2;
    private static final int USER = NAMESPACES.size() - 1;

    private final ToIntFunction<String> ids;
    private final StateDump.Records records = new StateDump.Records();
    private final ProcFiles files = new ProcFiles();
    private long[] kernelNamespaces = new long[0];

    /// @param ids the event ids by name, see [StateDumpClasses]
    StateDumpReader(ToIntFunction<String> ids) {
        this.ids = ids;
    }

    StateDump read() {
        begin("start");
        for (int pid : ProcFiles.numbers("/proc")) {
            process(pid);
        }
        interrupts();
        networkInterfaces();
        blockDevices();
        processors();
        files.close();
        begin("end");
        return records.end();
    }

    /// The threads that a process has now.
    ///
    /// @throws IOException when there is no such process
    public static List<Integer> threads(long pid) throws IOException {
        int[] threads = ProcFiles.numbers("/proc/" + pid + "/task");
        if (threads.length == 0) {
            throw new IOException("no such process");
        }
        return Arrays.stream(threads).boxed().toList();
    }

    private StateDump.Records begin(String name) {
        return records.begin(ids.applyAsInt(name));
    }

    private void process(int pid) {
        String process = "/proc/" + pid;
        for (int tid : ProcFiles.numbers(process + "/task")) {
            files.enter(process + "/task/" + tid);
            thread(pid, tid);
        }
        files.enter(process);
        for (int fd : ProcFiles.numbers(process + "/fd")) {
            descriptor(pid, fd);
        }
    }

    /// The name stands between the first opening and the last closing parenthesis.
    private void thread(int pid, int tid) {
        String stat = files.text("stat");
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(')');
        String[] rest = close < 0 ? new String[0] : stat.substring(close + 2).split(" ");
        if (open < 0 || rest.length <= CPU) {
            return;
        }
        boolean isKernel = (number(rest[FLAGS]) & KERNEL_THREAD_FLAG) != 0;
        begin("process_state")
                .u32(tid)
                .u32(pid)
                .u32(number(rest[PARENT]))
                .text16(stat.substring(open + 1, close))
                .u32(isKernel ? 1 : 0)
                .u32(MODE_UNKNOWN)
                .u32(0)
                .u32(status(rest[0]))
                .u32(number(rest[CPU]))
                .u64(pid);
        ids(tid, number(rest[PARENT]), files.text("status"), namespaces(isKernel));
    }

    /// Threads of the kernel never leave the first ones: looked at once for all.
    private long[] namespaces(boolean isKernel) {
        if (isKernel && kernelNamespaces.length > 0) {
            return kernelNamespaces;
        }
        long[] found = new long[NAMESPACES.size()];
        for (int i = 0; i < found.length; i++) {
            String link = files.link("ns/" + NAMESPACES.get(i));
            int open = link.indexOf('[');
            found[i] = open < 0 ? 0 : number(link.substring(open + 1, link.length() - 1));
        }
        if (isKernel) {
            kernelNamespaces = found;
        }
        return found;
    }

    /// One per level for process ids, innermost first; the kernel tells the identity of the
    /// innermost only.
    private void ids(int tid, long parent, String status, long[] namespaces) {
        String[] threadIds = words(status, "NSpid", "" + tid);
        String[] processIds = words(status, "NStgid", "" + tid);
        for (int level = threadIds.length - 1; level >= 0; level--) {
            begin("process_pid_ns")
                    .u32(tid)
                    .u32(number(threadIds[level]))
                    .u32(number(processIds[Math.min(level, processIds.length - 1)]))
                    .u32(level == 0 ? parent : 0)
                    .u32(level)
                    .u32(level == threadIds.length - 1 ? namespaces[PID] : 0);
        }
        begin("process_user_ns")
                .u32(tid)
                .u32(number(words(status, "Uid", "0")[0]))
                .u32(number(words(status, "Gid", "0")[0]))
                .u32(0)
                .u32(namespaces[USER]);
        for (int i = 0; i < StateDumpClasses.NAMESPACES.size(); i++) {
            begin("process_" + NAMESPACES.get(i) + "_ns").u32(tid).u32(namespaces[i]);
        }
    }

    private void descriptor(int pid, int fd) {
        String name = files.link("fd/" + fd);
        if (name.isEmpty()) {
            return; // closed since
        }
        String octal = words(files.text("fdinfo/" + fd), "flags", "0")[0];
        int flags = octal.matches("[0-7]{1,11}") ? (int) Long.parseLong(octal, 8) : 0;
        begin("file_descriptor")
                .u64(pid)
                .u32(fd)
                .u32(flags)
                .u32((flags & 3) + 1)
                .string(name)
                .u32(pid);
    }

    /// `24: 7 0 PCI-MSIX-0000:00:01.0 0-edge virtio0-config, other`: number, a count for each CPU,
    /// chip, kind, actions.
    private void interrupts() {
        List<String> lines = lines(Path.of("/proc/interrupts"));
        int cpus = lines.isEmpty() ? 0 : lines.getFirst().strip().split("\\s+").length;
        for (String line : lines) {
            String[] words = line.strip().split("\\s+", cpus + 4);
            if (words.length < cpus + 4 || !words[0].matches("\\d{1,9}:")) {
                continue;
            }
            long irq = number(words[0].substring(0, words[0].length() - 1));
            for (String action : words[cpus + 3].split(",\\s*")) {
                begin("interrupt").u32(irq).string(words[cpus + 1]).string(action).u32(0);
            }
        }
    }

    private void networkInterfaces() {
        try {
            for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
                int address = 0;
                for (InetAddress each : network.inetAddresses().toList()) {
                    if (network.isUp() && each instanceof Inet4Address ip) {
                        address = ByteBuffer.wrap(ip.getAddress()).getInt();
                    }
                }
                begin("network_interface").string(network.getName()).u32BigEndian(address);
            }
        } catch (IOException noNetwork) {
            return;
        }
    }

    /// Devices as the kernel numbers them inside: `major << 20 | minor`.
    private void blockDevices() {
        for (String line : lines(Path.of("/proc/diskstats"))) {
            String[] words = line.strip().split("\\s+");
            if (words.length > 2) {
                begin("block_device")
                        .u32(number(words[0]) << 20 | number(words[1]))
                        .string(words[2]);
            }
        }
    }

    private void processors() {
        Map<String, String> facts = new HashMap<>();
        for (String line : lines(Path.of("/proc/cpuinfo"))) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                facts.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
            if (line.isBlank() && facts.containsKey("vendor_id")) {
                processor(facts);
                facts.clear();
            }
        }
    }

    private void processor(Map<String, String> facts) {
        begin("cpu_topology")
                .string("x86")
                .u16((int) number(facts.getOrDefault("processor", "0")))
                .string(facts.getOrDefault("vendor_id", ""))
                .u8((int) number(facts.getOrDefault("cpu family", "0")))
                .u8((int) number(facts.getOrDefault("model", "0")))
                .string(facts.getOrDefault("model name", ""))
                .u16((int) number(facts.getOrDefault("physical id", "0")))
                .u16((int) number(facts.getOrDefault("core id", "0")))
                .u16((int) number(facts.getOrDefault("cpu cores", "0")));
    }

    /// LTTng's numbers: 2 runnable or running, 5 waiting, 4 zombie, 7 dead.
    private static int status(String state) {
        return switch (state) {
            case "R" -> 2;
            case "S", "D", "I" -> 5;
            case "Z" -> 4;
            case "X" -> 7;
            default -> 0;
        };
    }

    private static long number(String text) {
        boolean isNegative = text.startsWith("-");
        long number = ProcFiles.number(isNegative ? text.substring(1) : text);
        return number < 0 ? 0 : isNegative ? -number : number;
    }

    /// What stands after `key:` at the start of a line, tabs between.
    private static String[] words(String text, String key, String otherwise) {
        int at = text.startsWith(key + ":") ? 0 : text.indexOf("\n" + key + ":") + 1;
        if (at == 0 && !text.startsWith(key + ":")) {
            return new String[] {otherwise};
        }
        int end = text.indexOf('\n', at);
        String value = text.substring(at + key.length() + 1, end < 0 ? text.length() : end);
        return value.isBlank() ? new String[] {otherwise} : value.strip().split("\t");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException gone) {
            return List.of();
        }
    }
}
