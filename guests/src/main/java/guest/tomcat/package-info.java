// SPDX-License-Identifier: Apache-2.0
/// Tomcat, whose `LogManager` (JULI) has loggers of each web application's own. Start at [Server].
package guest.tomcat;
