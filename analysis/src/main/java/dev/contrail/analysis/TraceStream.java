// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.StreamClass;

/// A stream: the packets of one ring, from however many files.
///
/// @param id the stream's instance id, or its number among those of its trace that have none
/// @param name the path of its first file: in CTF 1.8 the oldest, in CTF 2 the first by name, as
///   babeltrace2 2.0.4 and 2.2 call it
public record TraceStream(Trace trace, StreamClass streamClass, long id, String name) {}
