// Pins the Dapr CLI that `make run` builds when no installed or released one is taken.
module ticketing/dapr/runtime/cli

go 1.26.5

require (
	github.com/dapr/cli v1.16.5
	github.com/dapr/components-contrib v1.16.5
	github.com/dapr/dapr v1.16.2
)
