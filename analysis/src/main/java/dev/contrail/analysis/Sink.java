// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;

/// Where messages end: a component at the end of the graph.
///
/// One thread calls it: [#accept] for each message in time order, then [#close].
///
/// ```java
/// record Names(PrintStream out) implements Sink {
///     @Override
///     public void accept(Message message) {
///         if (message instanceof Message.EventRecord event) {
///             out.println(event.name());
///         }
///     }
/// }
/// ```
public interface Sink extends AutoCloseable {
    /// Takes a message; an [Message.EventRecord] is valid until this returns.
    ///
    /// @throws IOException when what is made of it cannot be written: the graph ends then
    void accept(Message message) throws IOException;

    /// Nothing more has come for now: what has come should be seen. Called only where messages come
    /// while they are recorded, any number of times.
    default void flush() throws IOException {}

    /// The last message has come, or the graph ends early: everything is written out.
    @Override
    default void close() throws IOException {}
}
