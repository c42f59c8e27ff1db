// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.ctf.Reason;
import dev.contrail.relay.trust.Enrolment;
import dev.contrail.wire.RelayToken;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.List;

/// `relayd --enrol` and `relayd --revoke`: who may connect from other machines.
final class RelayTokens {
    private RelayTokens() {}

    private static Enrolment enrolment() {
        return new Enrolment(RelayOptions.trust(), List.of());
    }

    /// The token alone goes to standard output, so that a script can take it.
    static int enrol(String wanted, Console console) throws Failure {
        Enrolment enrolment = enrolment();
        RelayToken token;
        String name;
        boolean isFirst;
        try {
            List<String> names = enrolment.names();
            isFirst = names.isEmpty();
            name = wanted.isEmpty() ? unused(names) : wanted;
            if (name.chars().anyMatch(Character::isISOControl)) {
                throw new Failure("--enrol: a name without control characters");
            }
            token = enrolment.enrol(name, new SecureRandom());
        } catch (IOException e) {
            throw new Failure("No token was made: " + Reason.of(e));
        }
        console.out().println(token.text());
        console.out().flush();
        console.note(
                ("That is the token of %s. Elsewhere it goes before the host, once:%n"
                                + "    contrail create --live -U net://TOKEN@HOST%n"
                                + "    contrail view net://TOKEN@HOST%n"
                                + "Take it back with contrail relayd --revoke %s.")
                        .formatted(name, name));
        if (isFirst && Files.exists(console.places().relayDirectory().resolve("control.port"))) {
            console.warn(
                    "a relay daemon that runs already listens to this machine only: start it again");
        }
        return 0;
    }

    private static String unused(List<String> names) {
        int number = 1;
        while (names.contains("peer-" + number)) {
            number++;
        }
        return "peer-" + number;
    }

    static int revoke(String name, Console console) throws Failure {
        Enrolment enrolment = enrolment();
        try {
            if (!enrolment.revoke(name)) {
                List<String> names = enrolment.names();
                throw new Failure(
                        names.isEmpty()
                                ? "Nobody has a token."
                                : "%s has no token; those who have one: %s"
                                        .formatted(name, String.join(", ", names)));
            }
        } catch (IOException e) {
            throw new Failure("No token was taken back: " + Reason.of(e));
        }
        console.say("The token of %s is worth nothing any more.", name);
        return 0;
    }
}
