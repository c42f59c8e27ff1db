// SPDX-License-Identifier: Apache-2.0
/// LTTng's names and fields of the kernel's events: tables that are resources of this package, and
/// which events a rule selects.
///
/// Start at [EventNames] and [LttngEvents]. Immutable once they are read. Below it: `tracefs`.
package dev.contrail.kernel.schema;
