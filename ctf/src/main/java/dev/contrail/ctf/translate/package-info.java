// SPDX-License-Identifier: Apache-2.0
/// A trace of one version of the format declared in the other, for the same packets.
///
/// Start at [Ctf2Translation] and [Ctf1Translation]. Below: `dev.contrail.ctf.layout`, which says
/// what refers to what, and `dev.contrail.ctf.tsdl`, whose identifiers CTF 1.8 is restricted to.
package dev.contrail.ctf.translate;
