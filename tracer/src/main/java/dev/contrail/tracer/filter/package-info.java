// SPDX-License-Identifier: Apache-2.0

/// Filter expressions: their grammar, and which operators take what. Those that record and those
/// that read share it, so that one expression means the same to both.
///
/// Start at [ExpressionParser], then [Expression] and [ValueKind].
package dev.contrail.tracer.filter;
