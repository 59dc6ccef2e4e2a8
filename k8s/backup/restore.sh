#!/bin/sh
# Puts back what back-up.sh has written. No service may run meanwhile; docs/runbooks/restore.md tells what comes before and
# after. Everything there is in the databases and streams of the same names is lost.
#
#   MONGO_URL=mongodb://... NATS_URL=nats://... CONFIRM=FOLDER sh k8s/backup/restore.sh FOLDER
#
# Needs mongorestore (MongoDB Database Tools) and nats (NATS CLI). OPLOG=no for a backup made so. May be
# repeated. --oplogReplay needs a user who may do anything: docs/runbooks/restore.md.
set -eu

folder=${1:?say from where: sh k8s/backup/restore.sh FOLDER}
: "${MONGO_URL:?name the MongoDB to restore into in MONGO_URL}"
for program in mongorestore sha256sum ${NATS_URL:+nats}; do
  command -v "$program" > /dev/null || { echo "$program is missing." >&2; exit 1; }
done
if [ ! -f "$folder/SHA256SUMS" ]; then
  echo "$folder is no backup that was finished: nothing was restored." >&2
  exit 1
fi
if ! (cd "$folder" && sha256sum --check --status SHA256SUMS); then
  echo "$folder is not as it was written: nothing was restored." >&2
  exit 1
fi
if [ "${CONFIRM:-}" != "$folder" ]; then
  echo "What is in the databases and streams now will be lost: say CONFIRM=$folder. Nothing was restored." >&2
  exit 1
fi

umask 077
# The address has a password, and other programs see the words of a command.
config=$(mktemp)
trap 'rm -f "$config"' EXIT
trap 'exit 1' HUP INT TERM
printf "uri: '%s'\n" "$(printf '%s' "$MONGO_URL" | sed "s/'/''/g")" > "$config"
oplog=--oplogReplay
[ "${OPLOG:-yes}" = yes ] || oplog=
# shellcheck disable=SC2086 # none, or one word
mongorestore --config="$config" --gzip --archive="$folder/records.gz" --drop --quiet $oplog
if [ -n "${NATS_URL:-}" ]; then
  for saved in "$folder"/streams/*; do
    stream=$(basename "$saved")
    if nats stream info "$stream" > /dev/null 2>&1; then nats stream rm "$stream" --force > /dev/null; fi
    nats stream restore "$saved" --no-progress > /dev/null
  done
fi
echo "$folder is restored. Next: start the services, then the audit (docs/runbooks/restore.md)."
