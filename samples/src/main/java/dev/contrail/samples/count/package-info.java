// SPDX-License-Identifier: Apache-2.0
/// A program whose events can be counted from outside. Start at [Counting].
package dev.contrail.samples.count;
