#!/bin/sh
# Says which of the named tools are missing and how to get them, all at once. Exits with 1 if any is.
set -eu

how_to_get() {
  case "$1" in
    docker) echo "Docker Engine 24 or later with buildx: https://docs.docker.com/engine/install/" ;;
    kind) echo "kind 0.33 or later: https://kind.sigs.k8s.io/docs/user/quick-start/#installation" ;;
    kubectl) echo "kubectl 1.34 or later: https://kubernetes.io/docs/tasks/tools/" ;;
    helm) echo "Helm 3.18 or later: https://helm.sh/docs/intro/install/" ;;
    skaffold) echo "Skaffold 2.16 or later: https://skaffold.dev/docs/install/" ;;
    openssl) echo "OpenSSL, from your system's packages" ;;
    *) echo "your system's packages" ;;
  esac
}

missing=0
for tool in "$@"; do
  if ! command -v "$tool" > /dev/null 2>&1; then
    echo "$tool is missing. Get $(how_to_get "$tool")" >&2
    missing=1
  fi
done
if [ "$missing" = 1 ]; then
  exit 1
fi
case " $* " in
  *" docker "*)
    if ! docker buildx version > /dev/null 2>&1; then
      echo "Docker is installed without buildx, by which images are built: https://docs.docker.com/build/install-buildx/" >&2
      exit 1
    fi
    if ! docker info > /dev/null 2>&1; then
      echo "Docker is installed but its engine does not answer: start it, or join its group." >&2
      exit 1
    fi
    ;;
esac
