// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.stream.Stream;

/// Loads all classes of ours that probes and the transformer may need. A method that is
/// instrumented may be one that a class loader calls while it defines a class, as `ArrayList.add`
/// is: if its probe had to load a class then, the thread would wait for itself.
final class Prepared {
    private static final String ROOT = "dev/contrail/tracer/";
    private static final List<String> PACKAGES =
            List.of(
                    "code/PrivateLookup",
                    "code/Redefinitions",
                    "event/",
                    "logging/Nesting",
                    "method/",
                    "process/",
                    "ring/",
                    "tap/");
    private static final String CLASS = ".class";

    private Prepared() {}

    /// @throws IOException when they cannot be found
    static void load() throws IOException, ClassNotFoundException {
        for (String name : names()) {
            boolean isNeeded = false;
            for (String each : PACKAGES) {
                isNeeded |= name.startsWith(ROOT + each);
            }
            if (isNeeded && name.endsWith(CLASS) && !name.endsWith("-info.class")) {
                String dotted = name.substring(0, name.length() - CLASS.length()).replace('/', '.');
                Class.forName(dotted, true, Prepared.class.getClassLoader());
            }
        }
    }

    private static List<String> names() throws IOException {
        URL own = Prepared.class.getResource("Prepared.class");
        if (own == null) {
            throw new IOException("the tracer's own classes are not to be found");
        }
        List<String> names = new ArrayList<>();
        URLConnection connection = own.openConnection();
        if (connection instanceof JarURLConnection jar) {
            Enumeration<JarEntry> entries = jar.getJarFile().entries();
            while (entries.hasMoreElements()) {
                names.add(entries.nextElement().getName());
            }
            return names;
        }
        Path root = root(own);
        try (Stream<Path> files = Files.walk(root.resolve(ROOT))) {
            files.forEach(each -> names.add(root.relativize(each).toString()));
        }
        return names;
    }

    private static Path root(URL own) throws IOException {
        try {
            String text = own.toString();
            int depth = text.length() - (ROOT + "method/Prepared.class").length();
            return Path.of(new URI(text.substring(0, depth)));
        } catch (URISyntaxException | RuntimeException e) {
            throw new IOException("the tracer's own classes are not to be found: " + own, e);
        }
    }
}
