#!/bin/sh
# Writes what a marketplace has on record into a new folder: JetStream's streams, then the databases. In this order, what a
# restored stream tells has happened in the restored databases, too; the other way round it might not have.
#
#   MONGO_URL=mongodb://... NATS_URL=nats://... sh k8s/backup/back-up.sh FOLDER
#
# Needs mongodump (MongoDB Database Tools) and nats (NATS CLI). Without NATS_URL no streams are written: Redis carries the
# events there. OPLOG=no for a MongoDB that is no replica set: then nobody may buy meanwhile, or databases are of
# different moments; --oplog needs a user with the role `backup`. Nothing is written over; a folder without SHA256SUMS is
# none that was finished.
set -eu

folder=${1:?say where to: sh k8s/backup/back-up.sh FOLDER}
: "${MONGO_URL:?name the MongoDB of the services in MONGO_URL}"
for program in mongodump sha256sum ${NATS_URL:+nats}; do
  command -v "$program" > /dev/null || { echo "$program is missing." >&2; exit 1; }
done
if [ -e "$folder" ]; then
  echo "$folder is there already: nothing was written." >&2
  exit 1
fi

umask 077
mkdir -p "$folder/streams"
if [ -n "${NATS_URL:-}" ]; then
  for topic in users tickets orders charges expirations; do
    for stream in "$topic" "$topic-dead"; do
      nats stream backup "$stream" "$folder/streams/$stream" --no-progress > /dev/null
    done
  done
fi
# The address has a password, and other programs see the words of a command.
config=$(mktemp)
trap 'rm -f "$config"' EXIT
trap 'exit 1' HUP INT TERM
printf "uri: '%s'\n" "$(printf '%s' "$MONGO_URL" | sed "s/'/''/g")" > "$config"
oplog=--oplog
[ "${OPLOG:-yes}" = yes ] || oplog=
# shellcheck disable=SC2086 # none, or one word
mongodump --config="$config" --gzip --archive="$folder/records.gz" --quiet $oplog
(cd "$folder" && find . -type f ! -name 'SHA256SUMS*' -exec sha256sum {} + > SHA256SUMS.part && mv SHA256SUMS.part SHA256SUMS)
echo "$folder has $(find "$folder/streams" -mindepth 1 -maxdepth 1 | wc -l | tr -d ' ') streams and $(wc -c < "$folder/records.gz" | tr -d ' ') bytes of records."
