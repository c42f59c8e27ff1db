// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

/// The tests take the names of the parameters out of its class file.
public interface Nameless {
    void nameless(int x, String y);
}
