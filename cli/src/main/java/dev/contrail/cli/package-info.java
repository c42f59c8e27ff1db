// SPDX-License-Identifier: Apache-2.0
/// The command line. Start at [Main]; a [Command] is one word of it.
package dev.contrail.cli;
