// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.logging.Logger;

/// A program whose events are those of a web application: of a loader that has its own classes
/// first, with a copy of the tracer's jar (`copy`) or without (`interface`). In the end the
/// application is undeployed.
final class LoaderProgram {
    private LoaderProgram() {}

    @Provider("web")
    interface Events {
        void served(@Field("request") long request);
    }

    /// Loaded by the web application's loader.
    public static final class Application {
        private static final Events TRACE = Tracer.bind(Events.class);

        private Application() {}

        public static void serve(long request) {
            TRACE.served(request);
            Logger.getLogger("shop.web").info("request " + request);
        }
    }

    private static final class WebLoader extends URLClassLoader {
        private final String first;

        WebLoader(String first, URL... jars) {
            super(jars, LoaderProgram.class.getClassLoader());
            this.first = first;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> found = findLoadedClass(name);
                if (found == null && name.startsWith(first)) {
                    found = findClass(name);
                }
                return found != null ? found : super.loadClass(name, resolve);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        URL jar = Tracer.class.getProtectionDomain().getCodeSource().getLocation();
        URL tests = LoaderProgram.class.getProtectionDomain().getCodeSource().getLocation();
        String first =
                arguments[0].equals("copy") ? "dev.contrail." : LoaderProgram.class.getName();
        WeakReference<ClassLoader> loader = serve(new WebLoader(first, jar, tests));
        while (loader.get() != null) {
            System.gc();
            Thread.sleep(10); // the collector says nothing when it is done
        }
        System.out.println("collected");
    }

    private static WeakReference<ClassLoader> serve(WebLoader loader) throws Exception {
        Thread.currentThread().setContextClassLoader(loader);
        Class<?> application = loader.loadClass(Application.class.getName());
        if (application.getClassLoader() != loader) {
            throw new AssertionError();
        }
        for (long i = 1; i <= 3; i++) {
            application.getMethod("serve", long.class).invoke(null, i);
        }
        Thread.currentThread().setContextClassLoader(null);
        loader.close();
        return new WeakReference<>(loader);
    }
}
