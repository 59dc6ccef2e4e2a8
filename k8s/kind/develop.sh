#!/bin/sh
# `make skdev`: the compiler and Skaffold side by side, until Ctrl-C. PROFILE=api leaves the web client out.
set -eu
cd "$(dirname "$0")/../.."
sh k8s/kind/require-tools.sh docker kind kubectl skaffold
if ! kind get clusters 2> /dev/null | grep -qx ticketing; then
  echo "There is no cluster yet: make cluster." >&2
  exit 1
fi
node_modules/.bin/tsc -b --watch --preserveWatchOutput &
compiler=$!
trap 'kill "$compiler" 2> /dev/null || true' EXIT INT TERM
skaffold dev --profile "${PROFILE:-dev}"
