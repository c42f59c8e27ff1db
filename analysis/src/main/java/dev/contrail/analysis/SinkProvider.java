// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.OutputStream;

/// Makes sinks of one class: the service that a jar on `--plugin-path` provides.
///
/// The jar is a module that requires `dev.contrail.analysis` and provides this interface, or a
/// plain jar that names the implementation in `META-INF/services`; it lives in a module layer of
/// its own.
///
/// ```java
/// public final class NamesProvider implements SinkProvider {
///     @Override
///     public String className() {
///         return "sink.example.names";
///     }
///
///     @Override
///     public String description() {
///         return "Print the names of events.";
///     }
///
///     @Override
///     public Sink open(Component component, OutputStream out) {
///         var names = new PrintStream(out, true);
///         return message -> {
///             if (message instanceof Message.EventRecord event) {
///                 names.println(event.name());
///             }
///         };
///     }
/// }
/// ```
public interface SinkProvider {
    /// `sink.PLUGIN.NAME`: what `--component` calls it.
    String className();

    /// A sentence for `list-plugins`.
    String description();

    /// Makes a sink for one run.
    ///
    /// @param component its class name and parameters as the user gave them
    /// @param out standard output, or the file of `--output`; closed by the caller
    /// @throws UsageException when the parameters make no sense
    Sink open(Component component, OutputStream out) throws UsageException;
}
