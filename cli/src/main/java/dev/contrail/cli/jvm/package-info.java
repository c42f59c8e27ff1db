// SPDX-License-Identifier: Apache-2.0
/// The JVMs of this machine that run already: which there are, and how the tracer gets into them.
///
/// Start at [AttachCommand]. Below it: `console`.
package dev.contrail.cli.jvm;
