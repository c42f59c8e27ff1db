// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// A method of an event interface.
///
/// @param signature null when it cannot be an event: then it does nothing
record EventMethod(Method method, @Nullable EventSignature signature) {}
