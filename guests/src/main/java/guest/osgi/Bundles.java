// SPDX-License-Identifier: Apache-2.0
package guest.osgi;

import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/// Starts an OSGi framework and one bundle in it, stops both, and ends with status 7.
public final class Bundles {
    private Bundles() {}

    /// @param arguments a directory to work in, and the bundle
    public static void main(String[] arguments) throws Exception {
        FrameworkFactory factory =
                ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow();
        Framework framework =
                factory.newFramework(Map.of("org.osgi.framework.storage", arguments[0]));
        framework.start();
        Bundle bundle =
                framework
                        .getBundleContext()
                        .installBundle(Path.of(arguments[1]).toUri().toString());
        bundle.start();
        framework.stop();
        framework.waitForStop(60_000);
        System.exit(7);
    }
}
