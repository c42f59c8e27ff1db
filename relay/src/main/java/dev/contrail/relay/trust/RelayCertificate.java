// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.trust;

import dev.contrail.wire.secure.GuardedNetwork;
import dev.contrail.wire.secure.OwnFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import java.util.random.RandomGenerator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A relay's key and certificate, made once by the JDK's `keytool`: whoever has a token knows it by
/// its SHA-256, so that nobody has to sign it.
record RelayCertificate(Path file) {
    private static final String ALIAS = "relay";

    /// PKCS 12 wants one; the rights of the file protect it.
    private static final String PASSWORD = "contrail";

    private static final String DAYS = "36500";

    /// SHA-256 of the certificate, which is made if there is none.
    byte[] fingerprintOrMake(RandomGenerator random) throws IOException {
        if (!Files.exists(file)) {
            make(random);
        }
        try {
            return GuardedNetwork.fingerprint(load().getCertificate(ALIAS));
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /// For connections that others make.
    SSLContext context() throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(load(), PASSWORD.toCharArray());
            return GuardedNetwork.context(keys.getKeyManagers());
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    private IOException unusable(GeneralSecurityException why) {
        return new IOException(
                "%s: %s. Remove it to have another made; all tokens are then to be given anew"
                        .formatted(file, why.getMessage()),
                why);
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        OwnFile.check(file);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void make(RandomGenerator random) throws IOException {
        makeDirectory(file);
        Path made = file.resolveSibling("new-" + Long.toHexString(random.nextLong()) + ".p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process =
                new ProcessBuilder(
                                keytool.toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                "CN=contrail-relayd",
                                "-validity",
                                DAYS,
                                "-alias",
                                ALIAS,
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                made.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(keytool + " makes no certificate: " + said.strip());
            }
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            if (!Files.exists(file)) {
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + keytool + " works", e);
        } finally {
            process.destroy();
            Files.deleteIfExists(made);
        }
    }

    /// The directory of a file of the relay's own, which only its user can read.
    static void makeDirectory(Path file) throws IOException {
        Path directory = Objects.requireNonNull(file.getParent());
        if (Files.isDirectory(directory)) {
            return;
        }
        Files.createDirectories(Objects.requireNonNull(directory.getParent()));
        Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// An empty file that only its user can read.
    static Path makeOwn(Path file) throws IOException {
        Files.deleteIfExists(file);
        return Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
}
