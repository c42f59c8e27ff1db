// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The first half of the names of an interface's events, `PROVIDER:EVENT`. Without it: the simple
/// name of the interface in lower case.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Provider {
    String value();
}
