// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/// A program that a test brings as text, and that knows nothing of us.
final class CompiledProgram {
    private CompiledProgram() {}

    /// Compiles a class into a directory, beside its source.
    ///
    /// @param options of the compiler, such as a class path
    static void compile(Path directory, String name, String source, String... options)
            throws IOException {
        Path file = Files.createDirectories(directory).resolve(name + ".java");
        Files.writeString(file, source);
        var words = new ArrayList<>(List.of(options));
        words.addAll(List.of("-proc:none", "-d", directory.toString(), file.toString()));
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, words.toArray(String[]::new));
        assertThat(status).isZero();
    }
}
