# All images: `docker buildx bake`, for a cluster of one's own `make build-dev-images`. A release names those it builds,
# with REGISTRY, REVISION, SOURCE, and in SERVICES the version of each, and the hash of its sources, by which the image is known
# for the same later: [{"name": "orders", "version": "1.4.0", "sources": "0a1b…"}]. To a registry they go by digest, without a tag: there an image gets its version once it is signed (images.yml).
variable "REGISTRY" {
  default = ""
}
variable "REVISION" {
  default = "unknown"
}
variable "SOURCE" {
  default = ""
}
variable "SERVICES" {
  default = "[]"
}

function "version_of" {
  params = [name]
  result = concat([for service in jsondecode(SERVICES) : service.version if service.name == name], ["dev"])[0]
}

function "sources_of" {
  params = [name]
  result = try([for service in jsondecode(SERVICES) : service.sources if service.name == name][0], null)
}

function "tag_of" {
  params = [name]
  result = REGISTRY == "" ? "ticketing-${name}:${version_of(name)}" : "${REGISTRY}/ticketing-${name}"
}

group "default" {
  targets = ["service", "web", "local"]
}

target "common" {
  context = "."
  target  = "runtime"
  args = {
    REVISION = REVISION
  }
  labels = {
    # A label that is null is none.
    "org.opencontainers.image.source" = SOURCE == "" ? null : SOURCE
  }
  output = REGISTRY == "" ? [] : ["type=image,push-by-digest=true,name-canonical=true,push=true"]
}

target "service" {
  name     = service
  inherits = ["common"]
  matrix = {
    service = ["auth", "tickets", "orders", "expiration", "payments", "notifications"]
  }
  dockerfile = "services/Dockerfile"
  args = {
    SERVICE = service
    VERSION = version_of(service)
  }
  labels = {
    "ticketing.sources" = sources_of(service)
  }
  tags = [tag_of(service)]
}

target "web" {
  inherits   = ["common"]
  dockerfile = "web/Dockerfile"
  args = {
    VERSION = version_of("web")
  }
  labels = {
    "ticketing.sources" = sources_of("web")
  }
  tags = [tag_of("web")]
}

# Mail catcher and Stripe simulator, for kind only.
target "local" {
  inherits   = ["common"]
  dockerfile = "dapr/local/Dockerfile"
  args = {
    VERSION = version_of("local")
  }
  tags = [tag_of("local")]
}
