#!/bin/sh
# Puts Debian's libfaketime, which lets a test's clock jump (GPL-2.0, for the test alone), into .tools/. Where it cannot
# be had, the test says that it is skipped.
set -eu
cd "$(dirname "$0")/../.."
library=.tools/libfaketime.so.1
[ -e "$library" ] && exit 0
package=$(mktemp -d)
trap 'rm -rf "$package"' EXIT
./deploy/debian.sh "$package" libfaketime || exit 0
mkdir -p .tools
cp "$package"/usr/lib/*/faketime/libfaketime.so.1 "$library"
