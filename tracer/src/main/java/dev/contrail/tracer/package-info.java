// SPDX-License-Identifier: Apache-2.0

/// The event API of the traced application.
package dev.contrail.tracer;
