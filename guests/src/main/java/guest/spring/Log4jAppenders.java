// SPDX-License-Identifier: Apache-2.0
package guest.spring;

import org.apache.logging.log4j.core.LoggerContext;

/// What Log4j 2 is configured to write to.
final class Log4jAppenders {
    private Log4jAppenders() {}

    static void print() {
        var configuration = LoggerContext.getContext(false).getConfiguration();
        configuration
                .getLoggers()
                .forEach((name, each) ->
                        System.out.println(
                                "logger \""
                                        + name
                                        + "\": "
                                        + each.getLevel()
                                        + " "
                                        + each.getAppenders().keySet()
                                        + " "
                                        + each.isAdditive()
                                        + " "
                                        + each.getClass().getName()));
        configuration
                .getAppenders()
                .forEach((name, each) ->
                        System.out.println("appender " + name + " " + each.getClass().getName()));
        System.out.println("filter " + configuration.getFilter());
    }
}
