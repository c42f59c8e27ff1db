// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs classes of the test's program as web applications are run: each in a class loader that has
/// its own classes first. The first argument is `CLASS@PATH:PATH…`, several of them separated by
/// commas, one after the other.
final class ChildFirst {
    private ChildFirst() {}

    private static final class Loader extends URLClassLoader {
        Loader(URL[] path) {
            super(path, ChildFirst.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                if (!name.startsWith("java.")) {
                    try {
                        return findClass(name);
                    } catch (ClassNotFoundException e) {
                        // the parent's
                    }
                }
                return super.loadClass(name, resolve);
            }
        }
    }

    static Class<?> load(String program) throws Exception {
        String[] parts = program.split("@");
        List<URL> path = new ArrayList<>();
        for (String each : parts[1].split(":")) {
            path.add(Path.of(each).toUri().toURL());
        }
        Loader loader = new Loader(path.toArray(new URL[0]));
        Thread.currentThread().setContextClassLoader(loader);
        return loader.loadClass(parts[0]);
    }

    public static void main(String[] arguments) throws Exception {
        for (String each : arguments[0].split(",")) {
            load(each).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }
}
