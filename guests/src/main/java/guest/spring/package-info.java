// SPDX-License-Identifier: Apache-2.0
/// Spring Boot, in a jar of jars, with Logback or with Log4j 2. Start at [Shop].
package guest.spring;
