// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Puts probes into every method of many classes that others have written, and asks the verifier of
/// the JVM.
class ProbedClassTest {
    private static final long SEED = 1;
    private static final int OBJECT = 0;

    /// Has classes of its own, whether the parent has some of that name or not.
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> files;

        Loader(Map<String, byte[]> files) {
            super(ProbedClassTest.class.getClassLoader());
            this.files = files;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                byte[] file = files.get(name);
                if (known != null) {
                    return known;
                }
                return file == null
                        ? super.loadClass(name, resolve)
                        : defineClass(name, file, 0, file.length);
            }
        }
    }

    private static Map<String, byte[]> classes(String module) throws IOException {
        Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", module);
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                String name = root.relativize(each).toString().replace('/', '.');
                boolean isClass = name.endsWith(".class") && !name.startsWith("module-info");
                if (isClass && !name.startsWith("java.")) {
                    byte[] file = Files.readAllBytes(each);
                    files.put(name.substring(0, name.length() - ".class".length()), file);
                }
            }
        }
        return files;
    }

    private static ProbeSite site(ClassFile.Method method, int probe, Random random) {
        List<Integer> arguments = new ArrayList<>();
        int[] counts = new int[2];
        List<String> types = Descriptor.of(method.descriptor()).parameters();
        if (random.nextBoolean()) {
            if (!method.isStatic()) {
                arguments.add(ProbeSite.THIS);
                counts[OBJECT]++;
            }
            for (int i = 0; i < types.size(); i++) {
                char kind = types.get(i).charAt(0);
                if (counts[kind == 'L' || kind == '[' ? OBJECT : 1]++ < ProbeSite.MOST) {
                    arguments.add(i);
                }
            }
        }
        return new ProbeSite(method, probe, arguments, random.nextBoolean());
    }

    /// What does not link in any way, because it needs what the test does not give it.
    private static List<String> unlinked(Map<String, byte[]> files) {
        Loader loader = new Loader(files);
        List<String> failed = new ArrayList<>();
        for (String name : files.keySet()) {
            try {
                Class.forName(name, false, loader).getDeclaredMethods();
            } catch (Throwable e) {
                failed.add(name + " " + e.getClass().getName());
            }
        }
        return failed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.xml", "jdk.compiler", "jdk.jshell"})
    void theVerifierTakesWhatComesOut(String module) throws IOException {
        Random random = new Random(SEED);
        Map<String, byte[]> plain = classes(module);
        Map<String, byte[]> probed = new TreeMap<>();
        int methods = 0;
        for (Map.Entry<String, byte[]> each : plain.entrySet()) {
            ClassFile file = new ClassFile(each.getValue());
            List<ProbeSite> sites = new ArrayList<>();
            for (ClassFile.Method method : file.allMethods()) {
                if (method.code() != null) {
                    ProbeSite site = site(method, sites.size(), random);
                    assertThat(ProbedClass.obstacle(file, site)).isEmpty();
                    sites.add(site);
                }
            }
            methods += sites.size();
            probed.put(each.getKey(), ProbedClass.write(file, sites));
        }
        assertThat(methods).isGreaterThan(1000);
        assertThat(unlinked(probed)).isEqualTo(unlinked(plain)).hasSizeLessThan(plain.size() / 4);
    }
}
