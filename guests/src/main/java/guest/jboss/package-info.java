// SPDX-License-Identifier: Apache-2.0
/// The `LogManager` of WildFly and Quarkus, whose loggers are not the JDK's. Start at [Works].
package guest.jboss;
