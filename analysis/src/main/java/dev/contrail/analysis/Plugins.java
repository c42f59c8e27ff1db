// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/// Components of other people, from directories of jars.
final class Plugins {
    private Plugins() {}

    /// The sinks that the jars in some directories provide.
    ///
    /// @throws ViewArguments.UsageException when a directory or jar will not do
    static List<SinkProvider> sinks(List<Path> directories) throws ViewArguments.UsageException {
        if (directories.isEmpty()) {
            return List.of();
        }
        for (Path directory : directories) {
            if (!Files.exists(directory)) {
                throw new ViewArguments.UsageException(
                        "Plugin path " + directory + ": no such file or directory");
            }
        }
        try {
            ModuleFinder finder = ModuleFinder.of(directories.toArray(Path[]::new));
            Set<String> names =
                    Set.copyOf(
                            finder.findAll().stream()
                                    .map(module -> module.descriptor().name())
                                    .toList());
            ModuleLayer parent = layer();
            Configuration configuration =
                    parent.configuration().resolveAndBind(finder, ModuleFinder.of(), names);
            ModuleLayer layer =
                    parent.defineModulesWithOneLoader(
                            configuration, Plugins.class.getClassLoader());
            return ServiceLoader.load(layer, SinkProvider.class).stream()
                    .filter(each -> each.type().getModule().getLayer() == layer)
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (FindException
                | ResolutionException
                | java.lang.LayerInstantiationException
                | ServiceConfigurationError e) {
            throw new ViewArguments.UsageException("Plugin path: " + e.getMessage());
        }
    }

    private static ModuleLayer layer() {
        ModuleLayer own = Plugins.class.getModule().getLayer();
        return own == null ? ModuleLayer.boot() : own;
    }
}
