// SPDX-License-Identifier: Apache-2.0
/// The metadata file of a trace, whichever of the two languages it is in.
///
/// Start at [MetadataFile]. Below: `dev.contrail.ctf.tsdl` and `dev.contrail.ctf.ctf2`, which parse
/// the languages, and the model in `dev.contrail.ctf`.
package dev.contrail.ctf.metadata;
