#!/bin/sh
# Makes JetStream's streams what they have to be, again and again: they must be there before a sidecar subscribes, and
# with as many replicas as there are servers. Two for each topic, as the local launcher has them
# (dapr/local/src/launcher/create-streams.ts; a test compares): the topic, in which repeats of an id are dropped for two
# minutes, and its dead letters, which have the ids of their events and must not be dropped as their repeats.
set -eu

put() { # name subject duplicate-window-in-nanoseconds
  cat > "$SCRATCH/$1.json" <<JSON
{
  "name": "$1",
  "subjects": ["$2"],
  "retention": "limits",
  "max_consumers": -1,
  "max_msgs": 1000000,
  "max_bytes": -1,
  "max_age": 604800000000000,
  "max_msgs_per_subject": -1,
  "max_msg_size": -1,
  "discard": "old",
  "storage": "file",
  "num_replicas": ${STREAM_REPLICAS},
  "duplicate_window": $3
}
JSON
  if nats stream info "$1" > /dev/null 2>&1; then
    nats stream edit "$1" --config "$SCRATCH/$1.json" --force > /dev/null
  else
    nats stream add "$1" --config "$SCRATCH/$1.json" > /dev/null
    echo "made the stream $1"
  fi
}

ensure() {
  for topic in users tickets orders charges expirations; do
    put "$topic" "$topic" 120000000000
    put "$topic-dead" "$topic.dead" 100000000
  done
}

if [ "${1:-}" = once ]; then
  ensure
  exit
fi

trap 'exit 0' TERM INT
while :; do
  if sh "$0" once; then
    touch "$SCRATCH/ready"
  else
    rm -f "$SCRATCH/ready"
  fi
  sleep 60 &
  wait $!
done
