// SPDX-License-Identifier: Apache-2.0
/// Files and directories below the output directory: names that lead nowhere else, rights, and what
/// is left of a file that a relay was killed at.
///
/// Below it: nothing of this room.
package dev.contrail.relay.file;
