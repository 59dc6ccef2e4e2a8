"""Filters for the playbooks: what Jinja says badly."""


def ticketing_image(image, versions, digests, registry):
    """An entry of kustomize's `images:` at a release's version; those of no service stay as they are."""
    name = image["name"].removeprefix("ticketing-")
    if name not in versions:
        return image
    wanted = {**image, "newTag": versions[name]}
    if registry:
        wanted["newName"] = f"{registry}/{image['name']}"
    if name in digests:
        wanted["digest"] = digests[name]
        del wanted["newTag"]
    return wanted


def ticketing_names(objects):
    """Objects by what kubectl calls them: `deployments.apps/orders`, with the namespace before it."""
    names = []
    for item in objects:
        group = item["apiVersion"].split("/")[0] if "/" in item["apiVersion"] else ""
        kind = f"{item['kind'].lower()}.{group}" if group else item["kind"].lower()
        names.append({"namespace": item["metadata"].get("namespace", ""), "name": f"{kind}/{item['metadata']['name']}"})
    return names


def ticketing_secrets(objects):
    """The secrets that pods are given by name, with the keys that they read."""
    wanted = {}
    for item in objects:
        template = item.get("spec", {}).get("template", {}).get("spec", {})
        for container in template.get("containers", []) + template.get("initContainers", []):
            for variable in container.get("env", []):
                ref = variable.get("valueFrom", {}).get("secretKeyRef")
                if ref and not ref.get("optional", False):
                    wanted.setdefault(ref["name"], set()).add(ref["key"])
    return {name: sorted(keys) for name, keys in sorted(wanted.items())}


class FilterModule:
    def filters(self):
        return {
            "ticketing_image": ticketing_image,
            "ticketing_names": ticketing_names,
            "ticketing_secrets": ticketing_secrets,
        }
