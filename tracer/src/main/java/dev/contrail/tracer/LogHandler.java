// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import dev.contrail.tracer.link.Host;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Gives the records of `java.util.logging` to the tracer, where the program runs without the
/// tracer's agent. With the agent it does nothing: the agent sees all records by itself.
///
/// Belongs to the root logger: `handlers = dev.contrail.tracer.LogHandler` in the logging
/// configuration, or
///
/// ```java
/// Logger.getLogger("").addHandler(new LogHandler());
/// ```
///
/// It sees what reaches that logger: nothing before it was added, and nothing of loggers that do
/// not pass records on to their parents. Sessions select among the records as ever.
public final class LogHandler extends Handler {
    private final Consumer<Object> records = Host.records();

    public LogHandler() {}

    @Override
    public void publish(LogRecord record) {
        if (record != null) {
            records.accept(record);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
