#!/bin/sh
# Builds an image a service: build.sh [TARGET...], all of them by default.
#
# Each image that they are built from is the one that its variable names (BUILD_IMAGE, RUNTIME_IMAGE, NATS_IMAGE); else
# the public one of deploy/Dockerfile and deploy/compose.yaml; else, where no registry can be reached, one made here
# (bases.sh). What was chosen goes into .tools/images.env, for `docker compose --env-file`.
#
# With PROGRAMS, a folder of programs that were compiled on a host of the runtime image's Debian or an older one, nothing
# is compiled: they go into the images as they are.
set -eu
cd "$(dirname "$0")/../.."

prefix=${IMAGE_PREFIX:-tallywire}
tag=${IMAGE_TAG:-local}
programs=${PROGRAMS:-}

# The default of an argument of the Dockerfile, or of a variable of compose.yaml.
default() { sed -n "s|^ARG $1=||p; s|.*{$1:-\([^}]*\)}.*|\1|p" deploy/Dockerfile deploy/compose.yaml | head -n 1; }

choose() {
    name=$1 own=$2
    eval "set=\${$name:-}"
    public=$(default "$name")
    if [ -n "$set" ]; then
        echo "$set"
    elif docker image inspect "$public" > /dev/null 2>&1 || timeout 300 docker pull --quiet "$public" > /dev/null 2>&1; then
        echo "$public"
    else
        echo "$public cannot be had, taking one made here" >&2
        ./deploy/images/bases.sh "$own"
    fi
}

RUNTIME_IMAGE=$(choose RUNTIME_IMAGE runtime)
NATS_IMAGE=$(choose NATS_IMAGE nats)
mkdir -p .tools
printf '%s\n' "RUNTIME_IMAGE=$RUNTIME_IMAGE" "NATS_IMAGE=$NATS_IMAGE" "IMAGE_PREFIX=$prefix" "IMAGE_TAG=$tag" > .tools/images.env
[ $# -gt 0 ] || set -- fetcher cleaner entities figures sink tallywire entities-accurate

if [ -z "$programs" ]; then
    BUILD_IMAGE=$(choose BUILD_IMAGE build)
    echo "BUILD_IMAGE=$BUILD_IMAGE" >> .tools/images.env
    context=. dockerfile=deploy/Dockerfile
else
    # What the Dockerfile's first stage would make.
    BUILD_IMAGE=scratch
    context=$(mktemp -d)
    trap 'rm -rf "$context"' EXIT
    mkdir -p "$context/programs" "$context/state/out" "$context/services/entities" "$context/.tools"
    find "$programs" -maxdepth 1 -type f -executable -name 'tallywire*' -exec cp '{}' "$context/programs/" ';'
    cp -r LICENSE NOTICE "$context/"
    cp -r services/entities/accurate "$context/services/entities/"
    [ ! -d .tools/onnxruntime ] || cp -r .tools/onnxruntime "$context/.tools/"
    dockerfile=$context/Dockerfile
    {
        printf '%s\n' "ARG RUNTIME_IMAGE" "FROM scratch AS build" "COPY programs /programs" "COPY state /state"
        sed -n '/^FROM \${RUNTIME_IMAGE}/,$p' deploy/Dockerfile
    } > "$dockerfile"
fi

for target; do
    echo "== $prefix/$target:$tag"
    docker build --quiet --file "$dockerfile" --target "$target" --tag "$prefix/$target:$tag" \
        --build-arg BUILD_IMAGE="$BUILD_IMAGE" --build-arg RUNTIME_IMAGE="$RUNTIME_IMAGE" \
        --build-arg VERSION="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)" \
        --build-arg REVISION="$(git rev-parse HEAD 2> /dev/null || echo unknown)" "$context"
done
docker image ls --format 'table {{.Repository}}:{{.Tag}}\t{{.Size}}' "$prefix/*"
