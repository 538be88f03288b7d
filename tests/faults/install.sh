#!/bin/sh
# Puts libfaketime, which lets a test's clock jump (GPL-2.0, for the test alone), into .tools/. Needs Debian's apt; where
# there is none, the test says that it is skipped.
set -eu
cd "$(dirname "$0")/../.."
library=.tools/libfaketime.so.1
[ -e "$library" ] && exit 0
command -v apt-get > /dev/null || { echo "libfaketime is left out: there is no apt-get"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/debs"
chmod 777 "$work/debs"
(cd "$work/debs" && apt-get download --quiet libfaketime > /dev/null 2>&1) ||
    { echo "libfaketime is left out: Debian's packages cannot be reached"; exit 0; }
dpkg-deb -x "$work"/debs/libfaketime_*.deb "$work/root"
mkdir -p .tools
cp "$work"/root/usr/lib/*/faketime/libfaketime.so.1 "$library"
