#!/bin/sh
# Puts the pinned library of ONNX Runtime, which runs the accurate model of names, into .tools/onnxruntime/ of this
# checkout. Needs Python 3 with pip, and the Python package index.
set -eu
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^onnxruntime==\([0-9.]*\).*/\1/p' deploy/onnxruntime/requirements.txt)
if [ -e ".tools/onnxruntime/libonnxruntime.so.$version" ]; then
    exit 0
fi
mkdir -p .tools/onnxruntime-wheels
# The library in it is the same for every Python; the wheel that is pinned is the one of Python 3.11.
case $(uname -m) in
    x86_64) platform=manylinux_2_28_x86_64 ;;
    aarch64) platform=manylinux_2_28_aarch64 ;;
    *) echo "there is no ONNX Runtime for $(uname -m) here: put its library somewhere, and name it in entities.onnxruntime" >&2; exit 1 ;;
esac
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    --python-version 3.11 --platform "$platform" --dest .tools/onnxruntime-wheels --requirement deploy/onnxruntime/requirements.txt
python3 - "$version" <<'PYTHON'
import glob, os, shutil, sys, zipfile
[wheel] = glob.glob(f".tools/onnxruntime-wheels/onnxruntime-{sys.argv[1]}-*.whl")
archive = zipfile.ZipFile(wheel)
[name] = [name for name in archive.namelist() if "/capi/libonnxruntime.so." in name]
shutil.rmtree(".tools/onnxruntime", ignore_errors=True)
os.makedirs(".tools/onnxruntime")
with open(".tools/onnxruntime/new", "wb") as library:
    library.write(archive.read(name))
os.symlink(os.path.basename(name), ".tools/onnxruntime/libonnxruntime.so")
os.rename(".tools/onnxruntime/new", f".tools/onnxruntime/{os.path.basename(name)}")
PYTHON
rm -r .tools/onnxruntime-wheels
echo "ONNX Runtime $version"
