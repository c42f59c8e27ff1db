// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.OptionalClass;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.Scope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the field that a length, tag or selector is read from, and says where it is (`ctf.md`
/// sections 6.4 and 13.4).
///
/// Fields of packet and event headers, and hidden ones, are found by nobody: babeltrace2's traces
/// do not have them. In CTF 2, those of the packet context are not found either, not even from
/// there.
final class FieldFinder {
    private final Map<Scope, FieldNode> roots = new EnumMap<>(Scope.class);

    /// Makes a scope known; one of that name before it is forgotten.
    void enter(FieldNode root) {
        roots.put(root.scope(), root);
    }

    void leave(Scope scope) {
        roots.remove(scope);
    }

    /// The field that `location` means, told from the place where it is used.
    Optional<FieldNode> find(FieldNode place, FieldLocation location) {
        Optional<FieldNode> found =
                switch (location) {
                    case FieldLocation.TsdlPath(String path) -> find(place, path);
                    case FieldLocation.Absolute(Scope origin, List<String> path) ->
                            Optional.ofNullable(roots.get(origin))
                                    .flatMap(root -> search(root, place, path));
                    case FieldLocation.Relative(int parents, List<String> path) ->
                            structure(place, parents)
                                    .flatMap(structure -> search(structure, place, path));
                };
        return found.filter(field -> !field.isHidden() && isVisible(field));
    }

    private static boolean isVisible(FieldNode field) {
        return field.version() == CtfVersion.CTF_1_8 || field.scope() != Scope.PACKET_CONTEXT;
    }

    private Optional<FieldNode> find(FieldNode place, String path) {
        for (Scope scope : Scope.values()) {
            if (path.startsWith(scope.path() + ".")) {
                List<String> rest = List.of(path.substring(scope.path().length() + 1).split("\\."));
                return Optional.ofNullable(roots.get(scope))
                        .flatMap(root -> search(root, place, rest));
            }
        }
        List<String> names = List.of(path.split("\\."));
        FieldNode branch = place;
        for (Optional<FieldNode> at = place.around(); at.isPresent(); at = at.get().around()) {
            FieldNode around = at.get();
            Optional<FieldNode> member = member(around, names.getFirst(), branch);
            if (member.isPresent() && member.get() != branch) {
                return search(member.get(), place, names.subList(1, names.size()));
            }
            branch = around;
        }
        return Optional.empty();
    }

    /// The structure around the place that has `parents` others between it and the place.
    private static Optional<FieldNode> structure(FieldNode place, int parents) {
        int left = parents;
        for (Optional<FieldNode> at = place.around(); at.isPresent(); at = at.get().around()) {
            if (at.get().isStructure() && left-- == 0) {
                return at;
            }
        }
        return Optional.empty();
    }

    private static Optional<FieldNode> search(FieldNode at, FieldNode place, List<String> path) {
        Optional<FieldNode> branch = branch(at, place);
        if (at.isStructure()) {
            return path.isEmpty()
                    ? Optional.empty()
                    : member(at, path.getFirst(), branch.orElse(at))
                            .flatMap(next -> search(next, place, path.subList(1, path.size())));
        }
        if (branch.isPresent()) {
            return search(branch.get(), place, path);
        }
        return switch (at.fieldClass()) {
            case RangeVariantClass _, OptionalClass _ ->
                    at.inside().stream()
                            .flatMap(each -> search(each, place, path).stream())
                            .findFirst();
            default -> path.isEmpty() ? Optional.of(at) : Optional.empty();
        };
    }

    /// A member that comes before `branch`, or is it.
    private static Optional<FieldNode> member(FieldNode structure, String name, FieldNode branch) {
        if (!structure.isStructure()) {
            return Optional.empty();
        }
        for (FieldNode each : structure.inside()) {
            if (each.name().equals(name)) {
                return Optional.of(each);
            }
            if (each == branch) {
                break;
            }
        }
        return Optional.empty();
    }

    /// The part of `at` that the place is in, if it is in there.
    private static Optional<FieldNode> branch(FieldNode at, FieldNode place) {
        FieldNode branch = place;
        while (branch.around().isPresent()) {
            FieldNode around = branch.around().get();
            if (around == at) {
                return Optional.of(branch);
            }
            branch = around;
        }
        return Optional.empty();
    }

    /// The way from the scope's root, as CTF 2 locations go: by the names of members.
    ///
    /// @param location what [#find] found the field by
    static List<String> names(FieldNode place, FieldLocation location) {
        return switch (location) {
            case FieldLocation.TsdlPath(String path) -> List.of(path);
            case FieldLocation.Absolute(Scope _, List<String> path) -> path;
            case FieldLocation.Relative(int parents, List<String> path) -> {
                var names = new ArrayList<>(path);
                FieldNode at = structure(place, parents).orElseThrow();
                while (at.around().isPresent()) {
                    FieldNode around = at.around().get();
                    if (around.isStructure()) {
                        names.addFirst(at.name());
                    }
                    at = around;
                }
                yield names;
            }
        };
    }

    /// The way from the scope's root, as babeltrace2 2.0.4 counts: by number among the members or
    /// options that are shown, and -1 for the present element of an array.
    static List<Integer> indexes(FieldNode field) {
        var indexes = new ArrayList<Integer>();
        FieldNode at = field;
        while (at.around().isPresent()) {
            FieldNode around = at.around().get();
            boolean isElement =
                    around.fieldClass() instanceof ArrayClass
                            || around.fieldClass() instanceof SequenceClass;
            indexes.addFirst(isElement ? -1 : around.shown().indexOf(at));
            at = around;
        }
        return indexes;
    }
}
