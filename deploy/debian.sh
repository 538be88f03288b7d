#!/bin/sh
# Unpacks Debian packages into a folder: no root, no scripts of theirs, nothing installed. apt checks each against the
# archive's signature. Fails, and says why, where there is no apt or no such package.
#
# Usage: debian.sh FOLDER PACKAGE...
set -eu
mkdir -p "$1"
into=$(cd "$1" && pwd)
shift
if ! command -v apt-get > /dev/null || ! command -v dpkg-deb > /dev/null; then
    echo "$*: there is no apt-get here to get it with" >&2
    exit 1
fi
debs=$(mktemp -d)
trap 'rm -rf "$debs"' EXIT
# apt drops its rights to a user that must be able to write here.
chmod 777 "$debs"
cd "$debs"
if ! apt-get download --quiet "$@" > log 2>&1; then
    tail -n 3 log >&2
    echo "$*: apt-get cannot get it (an old list? apt-get update)" >&2
    exit 1
fi
for deb in *.deb; do dpkg-deb --extract "$deb" "$into"; done
