#!/bin/sh
# Makes certificates to try TLS out with: an authority of your own, and the server's certificate, which it signs.
#
#   deploy/nats/certificates.sh DIR [NAME...]
#
# NAME is what clients call the server, a host's name or an IP address; by default nats, localhost and 127.0.0.1.
# Into DIR go ca.pem (for clients: nats.ca_file), ca-key.pem (keep it away from the server), server.pem and
# server-key.pem. Run again, it keeps the authority and makes a new server's certificate, good for a year.
# It needs openssl. An authority that you have already does as well: put its files in the places of these.
set -eu
umask 077
out=${1:?which folder? usage: certificates.sh DIR [NAME...]}
shift
[ $# -gt 0 ] || set -- nats localhost 127.0.0.1
mkdir -p "$out"
cd "$out"

names=""
for name in "$@"; do
    case $name in
        *:* | [0-9]*.[0-9]*.[0-9]*.[0-9]*) names="$names,IP:$name" ;;
        *) names="$names,DNS:$name" ;;
    esac
done

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2> /dev/null ||
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

if [ ! -e ca-key.pem ]; then
    key ca-key.pem
    openssl req -x509 -new -key ca-key.pem -days 3650 -subj "/CN=Tallywire's own authority" -out ca.pem \
        -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
fi
key server-key.pem
openssl req -new -key server-key.pem -subj "/CN=$1" -out server.csr
cat > server.ext << EXTENSIONS
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = ${names#,}
EXTENSIONS
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 365 -extfile server.ext \
    -out server.pem 2> /dev/null
rm server.csr server.ext
chmod 0644 ca.pem server.pem
echo "made ca.pem and server.pem for $* in $out"
