// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs classes of the test's program as web applications are run: each in a class loader that has
/// its own classes first. The first argument is `CLASS@PATH:PATH…`, several of them separated by
/// commas, one after the other. With a second argument it waits until the loaders are collected.
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

    /// Runs it in a thread that ends, after which nothing but us can know it.
    private static WeakReference<ClassLoader> run(String program) throws Exception {
        Class<?> type = load(program);
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                type.getMethod("main", String[].class)
                                        .invoke(null, (Object) new String[0]);
                            } catch (ReflectiveOperationException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        "main");
        thread.start();
        thread.join();
        Thread.currentThread().setContextClassLoader(null);
        return new WeakReference<>(type.getClassLoader());
    }

    public static void main(String[] arguments) throws Exception {
        for (String each : arguments[0].split(",")) {
            WeakReference<ClassLoader> loader = run(each);
            while (arguments.length > 1 && loader.get() != null) {
                System.gc();
                Thread.sleep(10); // the collector says nothing when it is done
            }
        }
        System.out.println("ended");
    }
}
