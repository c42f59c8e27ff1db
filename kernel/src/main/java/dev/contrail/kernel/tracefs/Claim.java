// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import dev.contrail.posix.RawFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A daemon's claim on a tracefs instance: a lock (`flock`) on its directory.
///
/// There is one tracefs on a machine, so every daemon sees the claim, whatever namespaces it lives
/// in; and it ends with the process that holds it, however that ends. It says that the instance is
/// in use, not whose it is: that is in its name.
public final class Claim implements AutoCloseable {
    private final RawFile directory;

    private Claim(RawFile directory) {
        this.directory = directory;
    }

    /// Takes the claim; none when somebody else has it.
    ///
    /// @throws IOException also when there is no such instance
    static Optional<Claim> take(Path instance) throws IOException {
        RawFile directory = RawFile.open(instance);
        try {
            if (directory.tryLock()) {
                return Optional.of(new Claim(directory));
            }
        } catch (IOException failed) {
            directory.close();
            throw failed;
        }
        directory.close();
        return Optional.empty();
    }

    /// Whether nobody has it; not for an instance that has gone meanwhile.
    public static boolean isFree(Path instance) throws IOException {
        Optional<Claim> taken = Files.isDirectory(instance) ? take(instance) : Optional.empty();
        if (taken.isPresent()) {
            taken.get().close();
        }
        return taken.isPresent();
    }

    /// Gives it up.
    @Override
    public void close() throws IOException {
        directory.close();
    }
}
