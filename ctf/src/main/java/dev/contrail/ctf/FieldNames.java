// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

/// Names of fields as readers show them.
public final class FieldNames {
    private FieldNames() {}

    /// The name without the underscore that writers put before it (`ctf.md` section 6.5).
    public static String shown(String name) {
        return name.startsWith("_") ? name.substring(1) : name;
    }
}
