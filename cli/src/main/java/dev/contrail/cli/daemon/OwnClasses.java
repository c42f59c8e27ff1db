// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import java.io.IOException;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.util.List;
import java.util.Optional;

/// Loads the program's own classes, all of them, in the background: a daemon lives for weeks, and
/// its jars may be removed under it, as `mvn clean` does.
final class OwnClasses {
    private static final String PREFIX = "dev.contrail.";
    private static final String SUFFIX = ".class";

    private OwnClasses() {}

    /// Begins, and returns at once.
    static void loadAll() {
        Thread.ofPlatform()
                .daemon()
                .name("contrail-classes")
                .priority(Thread.MIN_PRIORITY)
                .start(OwnClasses::load);
    }

    private static void load() {
        for (ResolvedModule each : ModuleLayer.boot().configuration().modules()) {
            // The tracer runs here too, where rings are read; what reads traces does not.
            if (each.name().startsWith(PREFIX) && !each.name().endsWith(".analysis")) {
                load(each);
            }
        }
    }

    private static void load(ResolvedModule from) {
        Optional<Module> module = ModuleLayer.boot().findModule(from.name());
        try (ModuleReader reader = from.reference().open()) {
            List<String> names = reader.list().filter(name -> name.endsWith(SUFFIX)).toList();
            for (String name : names) {
                if (!name.startsWith("META-INF") && module.isPresent()) {
                    load(module.get(), name.substring(0, name.length() - SUFFIX.length()));
                }
            }
        } catch (IOException e) {
            System.getLogger("dev.contrail.cli")
                    .log(System.Logger.Level.DEBUG, "loading the classes of " + from.name(), e);
        }
    }

    private static void load(Module module, String path) {
        try {
            Class.forName(module, path.replace('/', '.'));
        } catch (LinkageError e) {
            // A bridge to a library that is not here, or a file that is missing: who needs it will
            // say so.
            System.getLogger("dev.contrail.cli").log(System.Logger.Level.DEBUG, path, e);
        }
    }
}
