// SPDX-License-Identifier: Apache-2.0
/// The kernel's tracer as files: private instances, their settings and accounts, event formats.
///
/// Start at [Instance]. Below it there is nothing.
package dev.contrail.kernel.tracefs;
