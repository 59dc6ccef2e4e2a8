#!/bin/sh
# `make kload-imgs`: brings the images that the overlay kind names, and `make build-dev-images` has built, into the cluster.
set -eu
cd "$(dirname "$0")/../.."
sh k8s/kind/require-tools.sh docker kind
if ! kind get clusters 2> /dev/null | grep -qx ticketing; then
  echo "There is no cluster yet: make cluster." >&2
  exit 1
fi
images=$(awk '/^ *- name: ticketing-/ { name = $3 } /^ *newTag: / { print name ":" $2 }' k8s/overlays/kind/kustomization.yaml)
for image in $images; do
  if ! docker image inspect "$image" > /dev/null 2>&1; then
    echo "There is no image $image yet: make build-dev-images." >&2
    exit 1
  fi
done
# shellcheck disable=SC2086 # one word an image
kind load docker-image --name ticketing $images
