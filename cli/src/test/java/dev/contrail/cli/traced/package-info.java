// SPDX-License-Identifier: Apache-2.0
/// A program that tests trace, and traces that they read. Start at [TracedProgram] and [ShopTrace].
package dev.contrail.cli.traced;
