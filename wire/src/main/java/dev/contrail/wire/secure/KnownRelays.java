// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.secure;

import dev.contrail.wire.RelayToken;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.Tcp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The relays that have given a token, in a file that only its user can read: a line for each, the
/// host as it was written, a space, the token. Several processes may use one; any thread.
public final class KnownRelays {
    private static final String OWN_FILE = "rw-------";
    private static final String OWN_DIRECTORY = "rwx------";

    private final Path file;
    private final Network below;
    private final Network network;

    /// @param file made when there is something to keep
    public KnownRelays(Path file) {
        this(file, new Tcp());
    }

    /// @param file made when there is something to keep
    /// @param below connects
    public KnownRelays(Path file, Network below) {
        this.file = file;
        this.below = below;
        network = new TokenNetwork(below, this::of);
    }

    /// Those of a user: in the file that `CONTRAIL_RELAY_TOKENS` names, or else in
    /// `contrail/relay-tokens` below `XDG_CONFIG_HOME`, or else below `.config` in the home
    /// directory, which `LTTNG_HOME` may replace.
    public static KnownRelays ofUser(Map<String, String> environment) {
        String named = environment.getOrDefault("CONTRAIL_RELAY_TOKENS", "");
        return new KnownRelays(
                named.isEmpty()
                        ? configuration(environment).resolve("relay-tokens")
                        : Path.of(named));
    }

    /// The directory of what a user has set.
    public static Path configuration(Map<String, String> environment) {
        String given = environment.getOrDefault("XDG_CONFIG_HOME", "");
        if (!given.isEmpty()) {
            return Path.of(given).resolve("contrail");
        }
        String lttng = environment.getOrDefault("LTTNG_HOME", "");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        return Path.of(lttng.isEmpty() ? home : lttng).resolve(".config/contrail");
    }

    /// The token of a host or address, as it was written when it was kept.
    public Optional<RelayToken> of(String host) throws IOException {
        String text = read().get(host);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(RelayToken.parse(text));
        } catch (ParseException e) {
            throw new IOException("%s: the token of %s is damaged".formatted(file, host), e);
        }
    }

    private Optional<RelayToken> of(InetSocketAddress relay) throws IOException {
        InetAddress address = relay.getAddress();
        return address == null ? Optional.empty() : of(address.getHostAddress());
    }

    /// Connects with the tokens of the addresses here, and in plain elsewhere.
    public Network network() {
        return network;
    }

    /// Connects to where a URL says, with its token or the one that its host has here.
    ///
    /// @throws IOException when the tokens cannot be read
    public Network network(RelayUrl url) throws IOException {
        Optional<RelayToken> token = url.token().isPresent() ? url.token() : of(url.host());
        return token.isEmpty() ? below : new TokenNetwork(below, _ -> token);
    }

    /// What to do about a relay that closes a plain connection before it has said a word.
    public static String advice(String host) {
        return ("it closes the connection at once. Perhaps it wants a token: on %s, contrail relayd"
                        + " --enrol prints one, to be given as net://TOKEN@%s; or its relay daemon"
                        + " is to be started with --plain")
                .formatted(host, RelayUrl.quoted(host));
    }

    /// Why a relay cannot be reached, and what to do about it where the reason does not say that.
    public static String advised(String why) {
        return why.contains("contrail relayd")
                ? why
                : why + ": see that a relay daemon runs there (contrail relayd -d)";
    }

    /// Keeps a token, in the place of one that the host had.
    public void keep(String host, RelayToken token) throws IOException {
        if (host.isEmpty() || host.chars().anyMatch(Character::isWhitespace)) {
            throw new IOException("no host: " + host);
        }
        makeDirectory();
        try (FileChannel channel =
                        FileChannel.open(
                                file.resolveSibling(file.getFileName() + ".lock"),
                                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString(OWN_FILE)));
                FileLock lock = channel.lock()) {
            Map<String, String> all = read();
            if (token.text().equals(all.put(host, token.text())) || !lock.isValid()) {
                return;
            }
            var text = new StringBuilder();
            all.forEach((each, its) -> text.append(each).append(' ').append(its).append('\n'));
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.deleteIfExists(next);
            Files.createFile(
                    next,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(OWN_FILE)));
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void makeDirectory() throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(OWN_DIRECTORY)));
        }
    }

    private Map<String, String> read() throws IOException {
        var all = new LinkedHashMap<String, String>();
        OwnFile.check(file);
        if (Files.exists(file)) {
            for (String each : Files.readAllLines(file)) {
                int space = each.indexOf(' ');
                if (space > 0 && !each.startsWith("#")) {
                    all.put(each.substring(0, space), each.substring(space + 1).strip());
                }
            }
        }
        return all;
    }
}
