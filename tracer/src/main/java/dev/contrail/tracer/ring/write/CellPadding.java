// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

/// Keeps the fields of neighbouring cells 128 bytes apart.
abstract class CellPadding {
    long p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15;
}
