#!/bin/sh
# Puts Debian's package of Prometheus into .tools/prometheus/ of this checkout, for the tests. Takes no root: the package
# is unpacked, not installed. Needs apt-get and dpkg-deb; where they are not, the tests that want Prometheus are skipped.
set -eu
cd "$(dirname "$0")/../.."
if [ -x .tools/prometheus/prometheus ] && [ -x .tools/prometheus/promtool ]; then
    exit 0
fi
if ! command -v apt-get > /dev/null || ! command -v dpkg-deb > /dev/null; then
    echo "no Prometheus for the tests: there is no apt-get here. Put prometheus and promtool into .tools/prometheus/." >&2
    exit 0
fi
rm -rf .tools/prometheus.new
mkdir -p .tools/prometheus.new
cd .tools/prometheus.new
# apt checks the package against the archive's signature.
if ! apt-get --quiet --quiet download prometheus; then
    echo "no Prometheus for the tests: apt-get has no package of it (an old list? apt-get update)." >&2
    rm -rf ../prometheus.new
    exit 0
fi
dpkg-deb --extract prometheus_*.deb package
mv package/usr/bin/prometheus package/usr/bin/promtool .
mv package/usr/share/doc/prometheus/copyright .
rm -r package prometheus_*.deb
cd ..
rm -rf prometheus
mv prometheus.new prometheus
prometheus/prometheus --version 2>&1 | head -n 1
