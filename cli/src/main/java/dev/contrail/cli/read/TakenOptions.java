// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.cli.console.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Some options with values, taken out of a command line that another program's grammar reads.
///
/// @param values by the options' names; of one given twice, the last
/// @param rest the words that are not these
record TakenOptions(Map<String, String> values, List<String> rest) {
    /// @throws Failure when the last word is such an option, without its value
    static TakenOptions of(List<String> arguments, Set<String> names) throws Failure {
        var rest = new ArrayList<String>();
        var values = new HashMap<String, String>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.equals("--")) {
                rest.addAll(arguments.subList(i, arguments.size()));
                break;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!names.contains(name)) {
                rest.add(word);
                continue;
            }
            if (equals < 0 && ++i == arguments.size()) {
                throw new Failure("Missing value of option `" + name + "`");
            }
            values.put(name, equals < 0 ? arguments.get(i) : word.substring(equals + 1));
        }
        return new TakenOptions(values, rest);
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }
}
