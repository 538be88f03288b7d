#!/bin/sh
# Puts Debian's Prometheus into .tools/prometheus/ of this checkout, for the tests. Where it cannot be had, this says so,
# and the tests that want it are skipped.
set -eu
cd "$(dirname "$0")/../.."
if [ -x .tools/prometheus/prometheus ] && [ -x .tools/prometheus/promtool ]; then
    exit 0
fi
package=$(mktemp -d)
trap 'rm -rf "$package"' EXIT
if ! ./deploy/debian.sh "$package" prometheus; then
    echo "no Prometheus for the tests: put prometheus and promtool into .tools/prometheus/" >&2
    exit 0
fi
mkdir -p .tools/prometheus
cp "$package"/usr/share/doc/prometheus/copyright "$package"/usr/bin/promtool "$package"/usr/bin/prometheus .tools/prometheus/
.tools/prometheus/prometheus --version 2>&1 | head -n 1
