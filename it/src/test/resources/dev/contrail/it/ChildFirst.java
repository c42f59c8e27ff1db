// SPDX-License-Identifier: Apache-2.0
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a program as a container runs a web application: CLASS PATH, in a loader of its own, with
 * the arguments that follow. */
public final class ChildFirst extends URLClassLoader {
    private ChildFirst(URL[] path) {
        super(path, ChildFirst.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known == null && !name.startsWith("java.")) {
                try {
                    known = findClass(name);
                } catch (ClassNotFoundException e) {
                    // the parent's
                }
            }
            return known != null ? known : super.loadClass(name, resolve);
        }
    }

    public static void main(String[] arguments) throws Exception {
        List<URL> path = new ArrayList<>();
        for (String each : arguments[1].split(":")) {
            path.add(new java.io.File(each).toURI().toURL());
        }
        ChildFirst loader = new ChildFirst(path.toArray(new URL[0]));
        Thread.currentThread().setContextClassLoader(loader);
        Class<?> program = loader.loadClass(arguments[0]);
        program.getMethod("main", String[].class).invoke(
                null, (Object) Arrays.copyOfRange(arguments, 2, arguments.length));
    }
}
