// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.event.ValueReader;
import java.lang.instrument.Instrumentation;

/// Reads the message of an exception: the one that it was made with, and of the JVM's own
/// `NullPointerException` what the JDK says of it (JEP 358). Methods of the program that compute a
/// message are not called: there it is empty.
final class ThrownMessage extends ValueReader {
    private final FieldPath given;

    ThrownMessage(Instrumentation agent) {
        given = FieldPath.message(agent);
        text(new Throwable("")); // has it linked
        text(new NullPointerException());
    }

    @Override
    public String text(Object from) {
        String text = given.text(from);
        if (text.isEmpty() && from.getClass() == NullPointerException.class) {
            String helpful = ((NullPointerException) from).getMessage();
            return helpful == null ? "" : helpful;
        }
        return text;
    }
}
