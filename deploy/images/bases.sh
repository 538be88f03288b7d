#!/bin/sh
# Makes the images that ours are built from, out of Debian's packages, where no registry can be reached:
#
#   tallywire-base/build     this machine's Rust toolchain, a C compiler, and every crate of Cargo.lock: it builds offline
#   tallywire-base/runtime   glibc, libgcc, libstdc++, time zones, certificates: what distroless/cc holds
#   tallywire-base/nats      the pinned nats-server, and a wget to ask after its health
#   tallywire-base/prometheus      Debian's Prometheus, for the tests of the profile `monitoring`
#
# Usage: bases.sh build|runtime|nats|prometheus, prints the image's name. One that is there already is not made again.
# Needs Debian with apt, Docker, cargo; for `build` also debootstrap and root.
set -eu
cd "$(dirname "$0")/../.."

release=bookworm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "$*" >&2; }
has() { docker image inspect "$1" > /dev/null 2>&1; }
# The same files make the same image, whenever they were written.
pack() { tar --sort=name --mtime='2020-01-01 00:00Z' --owner=0 --group=0 --numeric-owner -C "$1" -c .; }

# Debian packages without their manuals.
unpack() {
    ./deploy/debian.sh "$@"
    rm -r "$1/usr/share/doc" "$1/usr/share/man" "$1/usr/share/lintian" 2> /dev/null || true
}

make_build() {
    version=$(rustc --version | cut -d ' ' -f 2)
    image=tallywire-base/build:$version-$(sha256sum Cargo.lock | cut -c 1-12)
    has "$image" && { echo "$image"; return; }
    if ! command -v debootstrap > /dev/null || [ "$(id -u)" != 0 ]; then
        say "the image to build with is made by debootstrap, as root: apt-get install debootstrap; or set BUILD_IMAGE"
        exit 1
    fi
    say "making $image"
    root=$work/root
    debootstrap --variant=minbase --include=gcc,libc6-dev,ca-certificates "$release" "$root" > "$work/log" 2>&1 ||
        { tail -n 20 "$work/log" >&2; exit 1; }
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/man "$root"/dev/*
    toolchain=$(rustc --print sysroot)
    cargo fetch --quiet --locked --target "$(rustc -vV | sed -n 's/^host: //p')"
    home=${CARGO_HOME:-$HOME/.cargo}
    mkdir -p "$root/usr/local/rust" "$root/usr/local/cargo/registry"
    cp -a "$toolchain/bin" "$toolchain/lib" "$root/usr/local/rust/"
    cp -a "$home/registry/index" "$home/registry/cache" "$root/usr/local/cargo/registry/"
    pack "$root" | docker import --change 'ENV PATH=/usr/local/rust/bin:/usr/local/bin:/usr/bin:/bin' \
        --change 'ENV CARGO_HOME=/usr/local/cargo' --change 'ENV CARGO_NET_OFFLINE=true' - "$image" > /dev/null
    echo "$image"
}

make_runtime() {
    image=tallywire-base/runtime:$release
    has "$image" && { echo "$image"; return; }
    say "making $image"
    root=$work/root
    unpack "$root" base-files netbase tzdata libc6 libgcc-s1 libstdc++6 ca-certificates
    mkdir -p "$root/etc/ssl/certs" "$root/tmp" "$root/home/nonroot"
    chmod 1777 "$root/tmp"
    cat "$root"/usr/share/ca-certificates/mozilla/*.crt > "$root/etc/ssl/certs/ca-certificates.crt"
    printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > "$root/etc/passwd"
    printf 'root:x:0:\nnonroot:x:65532:\n' > "$root/etc/group"
    pack "$root" | docker import --change 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' - "$image" > /dev/null
    echo "$image"
}

make_nats() {
    ./deploy/nats/install.sh >&2
    image=tallywire-base/nats:$(.tools/nats-server --version | sed 's/.*v//')
    has "$image" && { echo "$image"; return; }
    say "making $image"
    root=$work/root
    unpack "$root" busybox-static
    mkdir -p "$root/usr/local/bin" "$root/data" "$root/tmp"
    cp .tools/nats-server "$root/usr/local/bin/"
    ln -s busybox "$root/bin/wget"
    pack "$root" | docker import --change 'ENTRYPOINT ["/usr/local/bin/nats-server"]' \
        --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' - "$image" > /dev/null
    echo "$image"
}

make_prometheus() {
    ./deploy/prometheus/install.sh >&2
    program=.tools/prometheus/prometheus
    [ -x "$program" ] || exit 1
    image=tallywire-base/prometheus:$(sha256sum "$program" | cut -c 1-12)
    has "$image" && { echo "$image"; return; }
    say "making $image"
    root=$work/root
    unpack "$root" base-files libc6
    mkdir -p "$root/bin" "$root/etc/prometheus" "$root/prometheus" "$root/tmp"
    cp "$program" "$root/bin/"
    # A new volume takes over the rights of the folder that it is mounted on.
    chmod 777 "$root/prometheus"
    pack "$root" | docker import --change 'ENTRYPOINT ["/bin/prometheus"]' --change 'USER 65534' - "$image" > /dev/null
    echo "$image"
}

case ${1:-} in
    build | runtime | nats | prometheus) "make_$1" ;;
    *) say "usage: bases.sh build|runtime|nats|prometheus"; exit 2 ;;
esac
