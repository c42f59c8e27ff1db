// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import dev.contrail.ctf.FieldClass;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The types that one block of TSDL declares; inner scopes hide names of outer ones.
///
/// Aliases, structures, variants and enumerations have name spaces of their own; here the key
/// carries the name space: `struct point`, or the alias' words.
final class TsdlScope {
    /// Null for the outermost.
    private final @Nullable TsdlScope outer;

    private final Map<String, FieldClass> types = new HashMap<>();

    private TsdlScope(@Nullable TsdlScope outer) {
        this.outer = outer;
    }

    static TsdlScope root() {
        return new TsdlScope(null);
    }

    TsdlScope inner() {
        return new TsdlScope(this);
    }

    /// @return whether the name was free in this scope
    boolean declare(String name, FieldClass type) {
        return types.putIfAbsent(name, type) == null;
    }

    Optional<FieldClass> find(String name) {
        for (TsdlScope scope = this; scope != null; scope = scope.outer) {
            FieldClass type = scope.types.get(name);
            if (type != null) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
