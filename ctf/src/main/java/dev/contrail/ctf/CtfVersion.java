// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

/// The version of the format that a trace's metadata is written in.
public enum CtfVersion {
    CTF_1_8,
    CTF_2
}
