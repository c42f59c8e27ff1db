// SPDX-License-Identifier: Apache-2.0

/// The ring: a memory-mapped file that one process writes and any number of others read. Start at
/// [RingFile] to read one.
package dev.contrail.tracer.ring;
