// Pins the NATS server that `PUBSUB=nats make run` builds when no installed one is taken.
module ticketing/dapr/runtime/nats

go 1.26.5

require github.com/nats-io/nats-server/v2 v2.15.2
