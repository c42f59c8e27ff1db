// SPDX-License-Identifier: Apache-2.0
/// A web application under load, and its load.
package dev.contrail.bench.web;
