// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.StaticBlobClass;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Gives fields of packet header, packet context and event header their roles.
final class Roles {
    private Roles() {}

    /// CTF 1.8: a member of that name, when it is an unsigned integer.
    static void give(FieldLayout structure, String name, Role role, Map<Role, FieldLayout> given) {
        member(structure, name)
                .filter(field -> field.kind == Kind.INTEGER && !field.isSigned)
                .ifPresent(field -> {
                    field.roles = new int[] {role.ordinal()};
                    field.isHidden = true;
                    given.put(role, field);
                });
    }

    /// CTF 1.8: members of that name at any depth; the last decoded one wins.
    static void giveAll(FieldLayout layout, String name, Role role, Map<Role, FieldLayout> given) {
        if (layout.kind == Kind.STRUCTURE) {
            give(layout, name, role, given);
        }
        for (FieldLayout part : layout.parts) {
            giveAll(part, name, role, given);
        }
    }

    /// CTF 2: as the metadata declares.
    static void giveAsDeclared(FieldLayout layout, Scope scope, Map<Role, FieldLayout> given) {
        Set<Role> roles =
                switch (layout.fieldClass) {
                    case AnyInteger integer -> integer.roles();
                    case EnumerationClass enumeration -> enumeration.container().roles();
                    case StaticBlobClass blob -> blob.roles();
                    case FieldClass _ -> Set.of();
                };
        if (!roles.isEmpty()) {
            layout.roles = roles.stream().mapToInt(Role::ordinal).toArray();
            layout.isHidden = true;
            layout.movesClock = scope != Scope.PACKET_HEADER && roles.contains(Role.BEGIN);
            roles.forEach(role -> given.put(role, layout));
        }
        for (FieldLayout part : layout.parts) {
            giveAsDeclared(part, scope, given);
        }
    }

    /// The member that the metadata calls so.
    static Optional<FieldLayout> member(FieldLayout structure, String name) {
        for (int i = 0; i < structure.parts.length; i++) {
            if (structure.fullName(i).equals(name)) {
                return Optional.of(structure.parts[i]);
            }
        }
        return Optional.empty();
    }
}
