// SPDX-License-Identifier: Apache-2.0
/// Whom a relay trusts: its certificate, and the tokens that it has given.
///
/// Start at [Enrolment].
package dev.contrail.relay.trust;
