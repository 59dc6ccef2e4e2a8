#!/bin/sh
# `make trust`: makes this machine trust the certificate authority of the local cluster, so that browsers open
# https://ticketing.dev; and says what is missing in /etc/hosts. The authority is the cluster's own: forget it with the
# cluster (the last lines say how).
set -eu
cd "$(dirname "$0")/../.."
sh k8s/kind/require-tools.sh kubectl openssl
context=kind-ticketing
certificate=$(mktemp)
trap 'rm -f "$certificate"' EXIT

if ! kubectl config get-contexts "$context" > /dev/null 2>&1; then
  echo "There is no cluster of your own: make cluster, then make skdev." >&2
  exit 1
fi
if ! kubectl --context "$context" --request-timeout=10s version > /dev/null 2>&1; then
  echo "The cluster of your own does not answer: start Docker and its container ticketing-control-plane, or make cluster." >&2
  exit 1
fi
if ! kubectl --context "$context" --namespace ticketing get secret local-ca > /dev/null 2>&1; then
  echo "The cluster has no certificate authority yet: make cluster, then make skdev (or kubectl apply -k k8s/overlays/kind)." >&2
  exit 1
fi
kubectl --context "$context" --namespace ticketing get secret local-ca --output 'jsonpath={.data.tls\.crt}' |
  openssl base64 -d -A > "$certificate"
openssl x509 -in "$certificate" -noout -subject -enddate

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
case "$(uname -s)" in
  Darwin)
    $as_root security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain "$certificate"
    forget="sudo security delete-certificate -c 'Ticketing local CA' /Library/Keychains/System.keychain"
    ;;
  Linux)
    if command -v update-ca-certificates > /dev/null 2>&1; then
      $as_root install -m 644 "$certificate" /usr/local/share/ca-certificates/ticketing-local-ca.crt
      $as_root update-ca-certificates
      forget="sudo rm /usr/local/share/ca-certificates/ticketing-local-ca.crt && sudo update-ca-certificates --fresh"
    elif command -v update-ca-trust > /dev/null 2>&1; then
      $as_root install -m 644 "$certificate" /etc/pki/ca-trust/source/anchors/ticketing-local-ca.crt
      $as_root update-ca-trust
      forget="sudo rm /etc/pki/ca-trust/source/anchors/ticketing-local-ca.crt && sudo update-ca-trust"
    else
      echo "This system's trust store is not known here: add the certificate above to it by hand." >&2
      exit 1
    fi
    # Chromium and Firefox on Linux keep stores of their own.
    if command -v certutil > /dev/null 2>&1; then
      for store in "$HOME/.pki/nssdb" "$HOME"/.mozilla/firefox/*.default*; do
        if [ -d "$store" ]; then
          certutil -A -d "sql:$store" -t C,, -n 'Ticketing local CA' -i "$certificate"
        fi
      done
    else
      echo "For Chromium and Firefox, too: install certutil (libnss3-tools, nss-tools) and run this again."
    fi
    ;;
  *)
    echo "On this system add the certificate above to the trust store by hand." >&2
    exit 1
    ;;
esac

if ! grep -Eq '^[^#]*[[:space:]]ticketing\.dev([[:space:]]|$)' /etc/hosts; then
  echo "ticketing.dev is not known to this machine yet: echo '127.0.0.1 ticketing.dev' | sudo tee -a /etc/hosts"
fi
echo "To forget the authority: $forget"
