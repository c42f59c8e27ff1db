// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `attach PID…|NAME…`: loads the tracer into JVMs that run.
public final class AttachCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("0..*")
                                .arity("0..*")
                                .type(String[].class)
                                .paramLabel("PID|NAME")
                                .description(
                                        "JVMs, by process id or by name: of the main class, with or"
                                                + " without its package, or of the jar. * stands for"
                                                + " any characters.")
                                .build());
    }

    @Override
    public int run(ParseResult line, Console console) throws Failure {
        String[] wanted = line.matchedPositionalValue(0, new String[0]);
        List<JavaProcess> all = new JavaProcesses(console.places().uid()).all();
        Map<Integer, JavaProcess> chosen = new LinkedHashMap<>();
        for (String each : wanted) {
            for (JavaProcess its : Choice.of(each, all)) {
                chosen.put(its.pid(), its);
            }
        }
        if (wanted.length == 0) {
            JavaProcess only = Choice.only(all);
            chosen.put(only.pid(), only);
        }
        var failures = new ArrayList<Failure>();
        for (JavaProcess each : chosen.values()) {
            try {
                if (Attachment.isIn(each)) {
                    console.say("%s was attached already", Choice.shown(each));
                } else {
                    Attachment.load(each, "");
                    console.say("%s is attached", Choice.shown(each));
                }
                DaemonSockets.obstacle(Path.of("/proc", Integer.toString(each.pid())))
                        .ifPresent(why -> console.warn("%s: %s", Choice.shown(each), why));
            } catch (Failure failure) {
                console.error(failure);
                failures.add(failure);
            }
        }
        return failures.isEmpty() ? 0 : ExitStatus.ERROR.number();
    }
}
