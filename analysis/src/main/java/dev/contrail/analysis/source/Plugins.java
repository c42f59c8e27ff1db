// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.SinkProvider;
import dev.contrail.analysis.SourceProvider;
import dev.contrail.analysis.UsageException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/// Components of other people, from directories of jars.
public record Plugins(List<SourceProvider> sources, List<SinkProvider> sinks) {

    /// Loads the jars in some directories, in a module layer of their own.
    ///
    /// @throws UsageException when a directory or jar will not do
    public static Plugins load(List<Path> directories) throws UsageException {
        if (directories.isEmpty()) {
            return new Plugins(List.of(), List.of());
        }
        for (Path directory : directories) {
            if (!Files.exists(directory)) {
                throw new UsageException(
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
            ModuleLayer parent = ownLayer();
            Configuration configuration =
                    parent.configuration().resolveAndBind(finder, ModuleFinder.of(), names);
            ModuleLayer layer =
                    parent.defineModulesWithOneLoader(
                            configuration, Plugins.class.getClassLoader());
            return new Plugins(
                    provided(ServiceLoader.load(layer, SourceProvider.class), layer),
                    provided(ServiceLoader.load(layer, SinkProvider.class), layer));
        } catch (FindException
                | ResolutionException
                | java.lang.LayerInstantiationException
                | ServiceConfigurationError e) {
            throw new UsageException("Plugin path: " + e.getMessage());
        }
    }

    private static <T> List<T> provided(ServiceLoader<T> services, ModuleLayer layer) {
        return services.stream()
                .filter(each -> each.type().getModule().getLayer() == layer)
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private static ModuleLayer ownLayer() {
        ModuleLayer own = Plugins.class.getModule().getLayer();
        return own == null ? ModuleLayer.boot() : own;
    }

    Optional<SourceProvider> source(String className) {
        return sources.stream().filter(each -> each.className().equals(className)).findFirst();
    }

    /// The sink of that class, if a jar has it.
    public Optional<SinkProvider> sink(String className) {
        return sinks.stream().filter(each -> each.className().equals(className)).findFirst();
    }
}
