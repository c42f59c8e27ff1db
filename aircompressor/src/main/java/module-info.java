// SPDX-License-Identifier: Apache-2.0
/// aircompressor's Zstandard, without what calls native code.
module io.airlift.compress {
    requires jdk.unsupported;

    exports io.airlift.compress.v3;
    exports io.airlift.compress.v3.zstd;
}
