#!/bin/sh
# Gives coturn the certificate that certbot has renewed, and makes it serve it.
#
#   install -m 0755 certbot-hook.sh /etc/letsencrypt/renewal-hooks/deploy/coturn
#
# certbot runs it after each renewal, with RENEWED_LINEAGE. For the first time,
# or with another ACME client, name the folder of fullchain.pem and privkey.pem:
#
#   /etc/letsencrypt/renewal-hooks/deploy/coturn /etc/letsencrypt/live/turn.example.org
#
# certbot's own folder is closed to everyone but root, and coturn is not root
# when it reads the files again. So it gets copies:
#
#   cert=/etc/coturn/tls/fullchain.pem
#   pkey=/etc/coturn/tls/privkey.pem
#
# On a host with several certificates, name the one that is coturn's here, or in
# the environment. It is the last part of its folder.
set -eu
umask 077

name=${COTURN_CERTIFICATE:-}
group=${COTURN_GROUP:-turnserver}
service=${COTURN_SERVICE:-coturn}
target=${COTURN_TLS:-/etc/coturn/tls}

source=${1:-${RENEWED_LINEAGE:?give the folder of fullchain.pem and privkey.pem}}
source=${source%/}
[ -z "$name" ] || [ "$name" = "${source##*/}" ] || exit 0

# A pair that does not match would leave coturn without TLS at its next start.
certificate=$(openssl x509 -in "$source/fullchain.pem" -noout -pubkey)
key=$(openssl pkey -in "$source/privkey.pem" -pubout)
if [ "$certificate" != "$key" ]; then
  echo "$source: the private key belongs to another certificate; nothing was changed" >&2
  exit 1
fi

parent=${target%/*}
[ -d "$parent" ] || mkdir -m 0755 "$parent"
if [ ! -d "$target" ]; then
  mkdir "$target"
  chgrp "$group" "$target"
  chmod 0750 "$target"
fi
for file in fullchain.pem privkey.pem; do
  cp -L "$source/$file" "$target/.$file.new"
  chgrp "$group" "$target/.$file.new"
  chmod 0640 "$target/.$file.new"
done
# Both are complete: the two renames are all that coturn could fall between.
for file in fullchain.pem privkey.pem; do
  mv -f "$target/.$file.new" "$target/$file"
done

# SIGUSR2: new connections get the new certificate, calls go on. In a container:
# docker kill --signal=USR2 coturn
pid=$(systemctl show --property=MainPID --value "$service" 2>/dev/null || echo 0)
if [ "${pid:-0}" -gt 0 ]; then
  kill -USR2 "$pid"
fi
