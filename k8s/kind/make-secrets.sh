#!/bin/sh
# Makes the secrets that components/kind/required-secrets.yaml and components/kind-nats/required-secrets.yaml name, each
# password new. What is there already stays: databases know their passwords.
# STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET make them a real account's.
set -eu
context=${1:?"Say which context: make-secrets.sh kind-ticketing"}
case "$context" in
  kind-*) ;;
  *)
    echo "$context is no cluster of kind: passwords made here are for one machine." >&2
    exit 1
    ;;
esac

cluster() { kubectl --context "$context" --namespace ticketing "$@"; }
password() { openssl rand -hex 24; }

kubectl --context "$context" apply --server-side --filename "$(dirname "$0")/../base/namespace.yaml" > /dev/null

put() { # name key=value ...
  name=$1
  shift
  if cluster get secret "$name" > /dev/null 2>&1; then
    return
  fi
  # From a file: words of a command can be read by everybody on this machine.
  folder=$(mktemp -d)
  for pair in "$@"; do
    printf '%s' "${pair#*=}" > "$folder/${pair%%=*}"
  done
  cluster create secret generic "$name" --from-file "$folder" > /dev/null
  rm -r "$folder"
  echo "made the secret $name"
}

mongo=$(password) redis=$(password) nats=$(password)
stripe_secret=${STRIPE_SECRET_KEY:-sk_test_$(password)}
stripe_publishable=${STRIPE_PUBLISHABLE_KEY:-pk_test_$(password)}
stripe_webhook=${STRIPE_WEBHOOK_SECRET:-whsec_$(password)}

put app-api-token token="$(password)"
put dapr-api-token token="$(password)"
put stores \
  mongo-password="$mongo" mongo-url="mongodb://ticketing:$mongo@mongodb:27017/?authSource=admin" \
  redis-password="$redis" redis-url="redis://:$redis@redis:6379/0" \
  nats-password="$nats" nats-url="nats://ticketing:$nats@nats:4222"
put jwt-secret key="$(password)"
put ticket-secret sealWith=k1 k1="$(password)"
put stripe-secret secretKey="$stripe_secret" publishableKey="$stripe_publishable" webhookSecret="$stripe_webhook"

# The simulator has to know the same keys as payments: those that are in the cluster.
value() { cluster get secret stripe-secret --output "jsonpath={.data.$1}" | openssl base64 -d -A; }
stripe_secret=$(value secretKey)
stripe_publishable=$(value publishableKey)
stripe_webhook=$(value webhookSecret)
put stripe-simulator secrets.json="$(printf '{"stripe-secret":{"secretKey":"%s","publishableKey":"%s","webhookSecret":"%s"}}' \
  "$stripe_secret" "$stripe_publishable" "$stripe_webhook")"
