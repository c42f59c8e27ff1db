// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.trust;

import dev.contrail.wire.RelayToken;
import dev.contrail.wire.secure.OwnFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The tokens that were given: a line for each, its number, the SHA-256 of its secret and a name.
/// Who reads the file cannot connect with what is in it. Changes replace it, one at a time.
record TokenFile(Path file) {
    private static final HexFormat HEX = HexFormat.of();

    private record Given(long id, byte[] hash, String name) {
        private static Given parse(String line) throws IOException {
            String[] parts = line.split(" ", 3);
            try {
                if (parts.length == 3) {
                    return new Given(
                            HexFormat.fromHexDigitsToLong(parts[0]),
                            HEX.parseHex(parts[1]),
                            parts[2]);
                }
            } catch (IllegalArgumentException e) {
                throw new IOException("no line of a token file: " + line, e);
            }
            throw new IOException("no line of a token file: " + line);
        }

        private String line() {
            return HEX.toHexDigits(id) + " " + HEX.formatHex(hash) + " " + name + "\n";
        }
    }

    /// What is to be done with the tokens.
    private interface Change {
        boolean of(List<Given> tokens) throws IOException;
    }

    List<String> names() throws IOException {
        return read().stream().map(Given::name).toList();
    }

    boolean has(long id, ByteBuffer secret) throws IOException {
        byte[] hash = hash(secret);
        boolean isKnown = false;
        for (Given each : read()) {
            isKnown |= MessageDigest.isEqual(each.hash, hash) && each.id == id;
        }
        return isKnown;
    }

    void add(RelayToken token, String name) throws IOException {
        byte[] hash = hash(ByteBuffer.wrap(token.secret()));
        change(all -> {
            if (all.stream().anyMatch(each -> each.name.equals(name))) {
                throw new IOException(
                        name + " has a token already: revoke that, or choose another name");
            }
            return all.add(new Given(token.id(), hash, name));
        });
    }

    boolean remove(String name) throws IOException {
        return change(all -> all.removeIf(each -> each.name.equals(name)));
    }

    private List<Given> read() throws IOException {
        OwnFile.check(file);
        var all = new ArrayList<Given>();
        if (Files.exists(file)) {
            for (String each : Files.readAllLines(file)) {
                all.add(Given.parse(each));
            }
        }
        return all;
    }

    private boolean change(Change change) throws IOException {
        RelayCertificate.makeDirectory(file);
        Path lockFile = file.resolveSibling("lock");
        try (FileChannel channel =
                        FileChannel.open(
                                lockFile,
                                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")));
                FileLock lock = channel.lock()) {
            List<Given> all = read();
            boolean isChanged = change.of(all) && lock.isValid();
            String text = all.stream().map(Given::line).collect(Collectors.joining());
            Path next = RelayCertificate.makeOwn(file.resolveSibling("tokens.next"));
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            return isChanged;
        }
    }

    private static byte[] hash(ByteBuffer secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret.duplicate());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
