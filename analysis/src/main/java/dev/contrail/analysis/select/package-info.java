// SPDX-License-Identifier: Apache-2.0
/// Which messages a user wants: ranges of time, intersections, filter expressions.
///
/// Start at [Selection]. Below it: `source`, whose messages it selects.
package dev.contrail.analysis.select;
