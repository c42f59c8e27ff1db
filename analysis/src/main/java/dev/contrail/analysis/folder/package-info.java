// SPDX-License-Identifier: Apache-2.0
/// CTF traces in folders: their stream files, indexes and packets.
///
/// Start at [TraceFolder]. Below it: the messages' package only.
package dev.contrail.analysis.folder;
