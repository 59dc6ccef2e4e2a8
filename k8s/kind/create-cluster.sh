#!/bin/sh
# `make cluster`: a cluster on this machine with Dapr, ingress-nginx, cert-manager, metrics and this project's secrets. Run
# again it brings everything to these versions and keeps what is there.
set -eu
cd "$(dirname "$0")/../.."
here=k8s/kind
context=kind-ticketing

# One place for each version; Dapr's is where the local runtime is pinned, so that both run the same.
dapr_version=$(sed -n 's/^require github.com\/dapr\/dapr v//p' dapr/runtime/daprd/go.mod)
ingress_nginx_version=4.15.1
cert_manager_version=v1.21.2
metrics_server_version=3.13.1

sh "$here/require-tools.sh" docker kind kubectl helm openssl

if kind get clusters 2> /dev/null | grep -qx ticketing; then
  echo "The cluster is there already; bringing it up to date."
else
  kind create cluster --config "$here/cluster.yaml" --wait 120s
fi

chart() { # name namespace chart version repository [words]
  name=$1 namespace=$2 chart=$3 version=$4 repository=$5
  shift 5
  echo "Installing $name $version ..."
  helm upgrade --install "$name" "$chart" --repo "$repository" --version "$version" --kube-context "$context" \
    --namespace "$namespace" --create-namespace --wait --timeout 10m "$@" > /dev/null
}
chart metrics-server kube-system metrics-server "$metrics_server_version" https://kubernetes-sigs.github.io/metrics-server/ \
  --set 'args={--kubelet-insecure-tls}'
chart cert-manager cert-manager cert-manager "$cert_manager_version" https://charts.jetstack.io --set crds.enabled=true
chart ingress-nginx ingress-nginx ingress-nginx "$ingress_nginx_version" https://kubernetes.github.io/ingress-nginx \
  --values "$here/ingress-nginx-values.yaml"
# Helm makes what is in a chart's folder `crds` once, and leaves it as it is in a later version.
helm show crds dapr --repo https://dapr.github.io/helm-charts/ --version "$dapr_version" \
  | kubectl --context "$context" apply --server-side --force-conflicts --filename - > /dev/null
chart dapr dapr-system dapr "$dapr_version" https://dapr.github.io/helm-charts/ --values "$here/dapr-values.yaml"

sh "$here/make-secrets.sh" "$context"
echo "The cluster is ready (context $context). Next: make build-dev-images kload-imgs, then make skdev;"
echo "for https://ticketing.dev: make trust."
