// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Launcher;
import dev.contrail.cli.jvm.JavaProcess.Standing;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Gets the tracer's agent into a JVM.
public final class Attachment {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private Attachment() {}

    /// Whether this very agent is in a JVM: it holds the agent's jar open, and the JDK's library
    /// for agents is mapped, which a program that has the tracer in its class path alone has not.
    /// False also where that cannot be told.
    static boolean isIn(JavaProcess process) {
        if (process.standing() != Standing.ATTACHED) {
            return false;
        }
        Path directory = Path.of("/proc", Integer.toString(process.pid()));
        try {
            Path jar = Launcher.tracerJar().toRealPath();
            if (!JavaProcesses.read(directory.resolve("maps")).contains("/libinstrument.so\n")) {
                return false;
            }
            try (DirectoryStream<Path> open = Files.newDirectoryStream(directory.resolve("fd"))) {
                for (Path each : open) {
                    if (isLink(each, jar)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            return false; // it has ended, or is of another user
        }
    }

    private static boolean isLink(Path link, Path to) {
        try {
            return Files.readSymbolicLink(link).equals(to);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /// Loads it, also where it is there: a program may have the tracer without the agent, and does
    /// not say so.
    ///
    /// @param arguments of the agent; empty when it has only to be there
    /// @throws Failure when that cannot be done
    public static void load(JavaProcess process, String arguments) throws Failure {
        if (process.standing() == Standing.REFUSED) {
            throw new Failure(
                    "Cannot attach to %s: %s".formatted(Choice.shown(process), process.reason()));
        }
        try {
            Path jar = Launcher.tracerJar().toRealPath();
            Path seen = Path.of("/proc", Integer.toString(process.pid()), "root" + jar);
            if (!Files.exists(seen)) {
                throw new IOException(
                        "it is in a container, or has other files, where %s is not there: start it there with the agent"
                                .formatted(jar));
            }
            Path status = Path.of("/proc", Integer.toString(process.pid()), "status");
            String its = Files.readString(status, StandardCharsets.ISO_8859_1);
            AttachSocket.load(
                    process.pid(),
                    (int) JavaProcesses.number(its, "NSpid", -1),
                    JavaProcesses.number(its, "Uid", 1),
                    jar,
                    arguments,
                    PATIENCE_NANOS);
        } catch (IOException e) {
            throw new Failure(
                    "Cannot attach to %s: %s".formatted(Choice.shown(process), Reason.of(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted");
        }
    }
}
