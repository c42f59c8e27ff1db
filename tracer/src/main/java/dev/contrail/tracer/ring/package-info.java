// SPDX-License-Identifier: Apache-2.0

/// The ring: a memory-mapped file that one process writes and any number of others read. Here is
/// what writer and readers have in common; they meet nowhere else.
///
/// Start at [Layout], the drawing of the file. The writer is `dev.contrail.tracer.ring.write`, the
/// readers are `dev.contrail.tracer.ring.read`.
///
/// # Rules of memory order
///
/// | # | writer | reader | so that |
/// |---|---|---|---|
/// | 1 | the bytes of a record (plain), then `commit` (release) | `commit` (acquire), then the bytes | bytes below `commit` are complete |
/// | 2 | `seq` odd (opaque), a store-store fence, then anything else in control line and block | copies, then a load-load fence, then `seq` again (opaque) | a copy that holds one byte of the block's next life is noticed |
/// | 3 | counts and the first time stamp (plain), `commit` (release), then `seq` even (release) | `seq` even (acquire), then `commit` (acquire), then the bytes | a valid block has its header |
/// | 4 | the in-flight mark in `commit` (opaque), then reads the clock | reads the clock, then looks for the mark (no reader here needs to yet) | no record appears later with an older time than one that a reader has vouched for |
/// | 5 | the metadata's bytes, its length (release), then a record that needs it | copies blocks, then reads the length (acquire) | each event id seen is described |
/// | 6 | takes a shared cell by compare-and-set (acquire), leaves it by a store (release) | | the cell's fields are plain |
/// | 7 | an owned cell takes no synchronization; it is handed on, by whoever holds `WriterPool.isHandingOut`, once its owner is not alive | | the end of a thread orders its memory, and two takers never own one cell |
/// | 8 | records that are not older than the floor, `commit` (release), then a higher floor (release) | reads the floor (acquire), then `commit` | no record appears later with an older time than a floor that a reader has vouched for |
///
/// What a rule needs is named where the code does it. The mark lies in the same word as `commit`,
/// whose stores all processors see in one order. On x86-64 rules 1 to 5 are ordinary stores; on
/// AArch64 an event takes one `stlr`. The stress tests of the bench and the kill tests beside the
/// code try them.
package dev.contrail.tracer.ring;
