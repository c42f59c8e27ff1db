// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import dev.contrail.ctf.FieldClass.StructureClass;

/// What the streams of one channel share. A scope without members counts as not declared.
public record StreamClass(
        long id,
        StructureClass packetContext,
        StructureClass eventHeader,
        StructureClass eventContext) {}
