// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.relay.RelayDaemon;
import dev.contrail.relay.RelayHost;
import dev.contrail.relay.RelaySettings;
import dev.contrail.wire.net.KeepAlive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our relay stores what real producers say as the real relay does: the same files, byte for byte.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RelayStoreInteropTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-stream-2.13",
                "02-rotate-2.13",
                "03-clear-2.13",
                "04-snapshot-2.13",
                "05-tracefile-2.13",
                "06-regenerate-metadata-2.13",
                "10-live-babeltrace2",
                "12-live-per-process",
                "13-live-rotate",
                "14-live-clear",
                "30-stream-as-2.4",
                "30-stream-as-2.8",
                "30-stream-as-2.10",
                "30-stream-as-2.11",
                "30-stream-as-2.12",
                "31-snapshot-as-2.4",
                "31-snapshot-as-2.10"
            })
    void storesWhatTheRealRelayStores(String conversation, @TempDir Path home)
            throws IOException, InterruptedException {
        compare(conversation, home, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"01-stream-2.13", "02-rotate-2.13", "04-snapshot-2.13", "30-stream-as-2.10"})
    void groupsBySessionAsTheRealRelay(String conversation, @TempDir Path home)
            throws IOException, InterruptedException {
        compare(conversation, home, true);
    }

    private static void compare(String conversation, Path home, boolean isBySession)
            throws IOException, InterruptedException {
        Needs.tool("lttng-relayd");
        Path theirs = home.resolve("theirs");
        Path ours = home.resolve("ours");
        String grouping = isBySession ? "--group-output-by-session" : "--group-output-by-host";
        try (var real = RealRelay.open(home, theirs, grouping);
                var relay = open(ours, isBySession)) {
            new ReplayedConversation(conversation, real.control(), real.data(), !isBySession).run();
            new ReplayedConversation(
                            conversation, relay.controlAddress(), relay.dataAddress(), !isBySession)
                    .run();
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!areEqual(ours, theirs) && System.nanoTime() < deadline) {
                Thread.sleep(20); // until both have stored what was on its way
            }
            assertThat(tree(ours)).isEqualTo(tree(theirs));
            assertThat(tree(ours)).hasSizeGreaterThan(1);
        }
    }

    private static boolean areEqual(Path ours, Path theirs) throws IOException {
        try {
            return tree(ours).equals(tree(theirs));
        } catch (NoSuchFileException | UncheckedIOException e) {
            return false; // a chunk is being moved
        }
    }

    private static RelayDaemon open(Path output, boolean isBySession) throws IOException {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return RelayDaemon.open(
                new RelaySettings(
                        any,
                        any,
                        any,
                        output.resolveSibling("trust"),
                        List.of(),
                        output,
                        isBySession,
                        true,
                        1024),
                RelayHost.real(KeepAlive.USUAL));
    }

    /// Files with their bytes, and directories; without what our relay remembers of a session.
    private static Map<String, String> tree(Path root) throws IOException {
        var tree = new TreeMap<String, String>();
        if (Files.exists(root)) {
            try (var all = Files.walk(root)) {
                for (Path each : all.filter(each -> !isLabel(each)).toList()) {
                    tree.put(
                            root.relativize(each).toString(),
                            Files.isDirectory(each) ? "/" : digest(each));
                }
            }
        }
        return tree;
    }

    private static boolean isLabel(Path file) {
        return file.getFileName().toString().startsWith(".contrail-label-1"); // or as it is written
    }

    private static String digest(Path file) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return bytes.length
                    + " bytes "
                    + HexFormat.of()
                            .formatHex(
                                    java.security.MessageDigest.getInstance("SHA-256")
                                            .digest(bytes),
                                    0,
                                    8);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
