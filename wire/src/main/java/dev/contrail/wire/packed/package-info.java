// SPDX-License-Identifier: Apache-2.0
/// The fields of LTTng's packed structures, read with bounds and written.
///
/// Start at [Fields]. Below it are the shared words, `dev.contrail.wire`.
package dev.contrail.wire.packed;
