// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Released jars of log systems, of several versions, and programs that are compiled against each.
final class LogSystems {
    private static final Path JARS =
            Path.of(System.getProperty("contrail.log.systems", "target/log-systems"));

    private LogSystems() {}

    static List<Path> logback(String version, String slf4j) {
        return List.of(
                jar("logback-classic", version),
                jar("logback-core", version),
                jar("slf4j-api", slf4j));
    }

    static List<Path> log4j(String version) {
        return List.of(jar("log4j-core", version), jar("log4j-api", version));
    }

    static Path jar(String artifact, String version) {
        Path jar = JARS.resolve(artifact + "-" + version + ".jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new AssertionError(jar + " is missing: Maven puts it there (tracer/pom.xml)");
        }
        return jar;
    }

    /// `CLASS@PATH` for [ChildFirst].
    static String program(String name, Path directory, List<Path> jars) {
        try {
            Path classes = Files.createTempDirectory(directory, name);
            Path source = classes.resolve(name + ".java");
            try (var in = LogSystems.class.getResourceAsStream(name + ".java")) {
                Files.copy(in, source);
            }
            String path = path(jars);
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            StringWriter said = new StringWriter();
            try (StandardJavaFileManager files =
                    compiler.getStandardFileManager(null, null, null)) {
                List<String> options = List.of("-cp", path, "-d", classes.toString(), "-proc:none");
                boolean isDone =
                        compiler.getTask(
                                        said,
                                        files,
                                        null,
                                        options,
                                        null,
                                        files.getJavaFileObjects(source))
                                .call();
                if (!isDone) {
                    throw new AssertionError(said);
                }
            }
            return "shop." + name + "@" + path + ":" + classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String path(List<Path> jars) {
        return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
    }
}
