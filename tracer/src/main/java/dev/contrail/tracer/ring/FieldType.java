// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

/// How a field of an event record is encoded: little endian, byte-aligned, packed.
public enum FieldType {
    U8("u8", 1),
    S8("s8", 1),
    S16("s16", 2),
    U16("u16", 2),
    S32("s32", 4),
    U32("u32", 4),
    S64("s64", 8),
    U64("u64", 8),
    F32("f32", 4),
    F64("f64", 8),
    /// UTF-8, ended by a zero byte.
    STRING("string", 0);

    private final String metadataName;
    private final int sizeBytes;

    FieldType(String metadataName, int sizeBytes) {
        this.metadataName = metadataName;
        this.sizeBytes = sizeBytes;
    }

    /// How the metadata area of a ring calls it.
    public String metadataName() {
        return metadataName;
    }

    /// 0 for a string, whose size varies.
    public int sizeBytes() {
        return sizeBytes;
    }
}
