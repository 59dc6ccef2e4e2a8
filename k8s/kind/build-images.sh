#!/bin/sh
# `make build-dev-images`: every image under the version that its deploy/version.json has, as the overlay kind names it.
set -eu
cd "$(dirname "$0")/../.."
sh k8s/kind/require-tools.sh docker node
SERVICES=$(node -p '
  const { readFileSync } = require("node:fs");
  const { execFileSync } = require("node:child_process");
  const files = execFileSync("git", ["ls-files", "services/*/deploy/version.json", "web/deploy/version.json"], { encoding: "utf8" });
  JSON.stringify(files.trim().split("\n").map((file) => ({ name: file.split("/").at(-3), ...JSON.parse(readFileSync(file, "utf8")) })));
')
REVISION=$(git rev-parse HEAD)
export SERVICES REVISION
docker buildx bake --load "$@"
