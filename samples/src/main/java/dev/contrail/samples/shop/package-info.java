// SPDX-License-Identifier: Apache-2.0
/// A small shop whose card terminal blocks. Start at [Shop].
package dev.contrail.samples.shop;
