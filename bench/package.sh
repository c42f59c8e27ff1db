#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds what others install: a .tar.gz and a .deb with the same files, below target/packages.
#
#   bench/package.sh [DIR]      (half a minute; dpkg-deb for the .deb)
#
# The archive is unpacked where it shall stay; its bin/contrail needs nothing else. Paths in the
# .deb are those of `contrail install --prefix /usr`.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
contrail=${CONTRAIL:-$here/../contrail}
out=${1:-$here/../target/packages}
mkdir -p "$out"
out=$(cd "$out" && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/contrail-package.XXXXXX")
trap 'rm -rf "$work"' EXIT
umask 022

# Build first: then everything below is of one build.
"$contrail" version >/dev/null
version=$("$contrail" version | sed -n 's/^contrail version //p')
machine=$(uname -m)

mkdir "$work/deb"
CONTRAIL_NO_BUILD=1 "$contrail" install --prefix /usr --stage "$work/deb" >/dev/null
name=contrail-$version-linux-$machine
mkdir "$work/$name"
# The same files with bin, lib and share at the top; links are relative, so that they still hold.
cp -a "$work/deb/usr/." "$work/$name/"
rm -rf "$work/$name/lib/systemd" # it names /usr
cp -a "$here/../LICENSE" "$here/../README.md" "$work/$name/"
tar -C "$work" --owner=0 --group=0 --numeric-owner --sort=name -czf "$out/$name.tar.gz" "$name"
echo "$out/$name.tar.gz"

if ! command -v dpkg-deb >/dev/null 2>&1; then
    echo "warning: no dpkg-deb here: no .deb" >&2
    exit 0
fi
architecture=$(dpkg --print-architecture)
# Where Debian's zsh looks for functions of packages, which is as deep in the tree.
mv "$work/deb/usr/share/zsh/site-functions" "$work/deb/usr/share/zsh/vendor-completions"
# `install` and `uninstall` leave to the package manager what is its own.
echo "apt remove contrail" >"$work/deb/usr/lib/contrail/package"
doc=$work/deb/usr/share/doc/contrail
mkdir -p "$doc" "$work/deb/DEBIAN"
cp "$here/../LICENSE" "$doc/copyright"
cat >"$work/deb/DEBIAN/control" <<EOF
Package: contrail
Version: $version
Architecture: $architecture
Maintainer: Contrail <contrail@localhost>
Installed-Size: $(du -sk "$work/deb/usr" | cut -f 1)
Depends: libc6 (>= 2.17), zlib1g
Suggests: babeltrace2
Section: devel
Priority: optional
Description: flight recorder for machines and JVMs
 Records the Linux kernel and JVM applications on one clock, in memory until
 something goes wrong or to disk, without a kernel module; writes the Common
 Trace Format. Its commands are those of lttng.
EOF
# The start-up cache belongs to the machine that it is made on.
cat >"$work/deb/DEBIAN/postinst" <<'EOF'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
    /usr/bin/contrail version >/dev/null || echo "contrail: no start-up cache could be made" >&2
fi
EOF
cat >"$work/deb/DEBIAN/prerm" <<'EOF'
#!/bin/sh
set -e
rm -rf /usr/lib/contrail/*/start-up.aot*
EOF
chmod 755 "$work/deb/DEBIAN/postinst" "$work/deb/DEBIAN/prerm"
deb=$out/contrail_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zgzip --build "$work/deb" "$deb" >/dev/null
echo "$deb"
