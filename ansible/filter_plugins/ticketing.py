"""Filters for the playbooks: what Jinja says badly."""

import base64
import gzip
import hashlib
import json
import re


def ticketing_image(image, digests, registry):
    """An entry of kustomize's `images:` as a release has it, by digest; those of no service stay as they are."""
    digest = digests.get(image["name"].removeprefix("ticketing-"))
    if digest is None:
        return image
    return {"name": image["name"], "newName": f"{registry}/{image['name']}", "digest": digest}


def ticketing_marked(objects):
    """Sidecars read Dapr's resources when they start: pods are marked with what theirs read, so that they roll with it,
    and come after all that they read."""
    dapr = [item for item in objects if item["apiVersion"].startswith("dapr.io/")]
    marked = []
    for item in objects:
        template = item.get("spec", {}).get("template", {})
        annotations = template.get("metadata", {}).get("annotations", {})
        if item["kind"] == "Deployment" and annotations.get("dapr.io/enabled") == "true":
            read = [one for one in dapr if _is_read_by(one, annotations)]
            mark = hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()[:16]
            metadata = {**template["metadata"], "annotations": {**annotations, "ticketing/dapr-resources": mark}}
            item = {**item, "spec": {**item["spec"], "template": {**template, "metadata": metadata}}}
        marked.append(item)
    return sorted(marked, key=_has_pods)


def _has_pods(item):
    return item["kind"] in ("Deployment", "StatefulSet", "HorizontalPodAutoscaler")


def _is_read_by(resource, annotations):
    if resource["kind"] == "Configuration":
        return resource["metadata"]["name"] == annotations.get("dapr.io/config")
    return annotations["dapr.io/app-id"] in resource.get("scopes", [annotations["dapr.io/app-id"]])


def ticketing_digests(text):
    """Of a file, the digest by service; none when it is something else."""
    try:
        digests = json.loads(text)
        return digests if all(re.fullmatch("sha256:[0-9a-f]{64}", digest) for digest in digests.values()) else None
    except (AttributeError, TypeError, ValueError):
        return None


def ticketing_last(lines, count):
    """The last of many lines."""
    return lines[-count:]


def ticketing_stream(objects):
    """Objects as kubectl reads them from its standard input."""
    return "\n---\n".join(json.dumps(item) for item in objects)


def ticketing_names(objects):
    """Objects by what kubectl calls them: `deployments.apps/orders`, with the namespace before it."""
    names = []
    for item in objects:
        group = item["apiVersion"].split("/")[0] if "/" in item["apiVersion"] else ""
        kind = f"{item['kind'].lower()}.{group}" if group else item["kind"].lower()
        names.append({"namespace": item["metadata"].get("namespace", ""), "name": f"{kind}/{item['metadata']['name']}"})
    return names


# With these would go what no release can bring back: the data; with the namespace its secrets, and the note of what runs.
KEPT = ("namespace/", "persistentvolumeclaim/", "persistentvolume/", "customresourcedefinition.apiextensions.k8s.io/")


def ticketing_removable(names):
    """Of what a release has no more, as `ticketing_names` says it, all but what people remove."""
    return [item for item in names if not item["name"].startswith(KEPT)]


def ticketing_secrets(objects):
    """What pods and Dapr components read of Kubernetes' secrets: `stores/mongo-url`, the secret's name and the key."""
    wanted = set()
    for item in objects:
        for ref in _secret_refs(item):
            if not ref.get("optional", False):
                wanted.add(f"{ref['name']}/{ref['key']}")
    return sorted(wanted)


def _secret_refs(value):
    if isinstance(value, list):
        for item in value:
            yield from _secret_refs(item)
    elif isinstance(value, dict):
        if isinstance(value.get("secretKeyRef"), dict):
            yield value["secretKeyRef"]
        for item in value.values():
            yield from _secret_refs(item)


def ticketing_aws(objects, required):
    """The secrets that services read from AWS, and the region of the store; none where the store is another one."""
    stores = [item["spec"] for item in objects if item["kind"] == "Component" and item["spec"]["type"] == AWS_SECRETS]
    regions = [entry["value"] for store in stores for entry in store["metadata"] if entry["name"] == "region"]
    return {"region": regions[0], "secrets": sorted(required["awsSecretsManager"])} if regions else {"secrets": []}


AWS_SECRETS = "secretstores.aws.secretmanager"


def ticketing_foreign(answers, environment):
    """Of AWS' secrets, as its command describes them, those that are not marked as this environment's, and how they are."""
    known = [json.loads(answer["stdout"]) for answer in answers if answer.get("rc") == 0]
    marks = {secret["Name"]: _mark_of(secret) for secret in known}
    return [f"{name} ({mark or 'of none'})" for name, mark in sorted(marks.items()) if mark != environment]


def _mark_of(secret):
    return next((tag["Value"] for tag in secret.get("Tags", []) if tag["Key"] == "ticketing-environment"), None)


def ticketing_with(objects, others):
    """Objects, and those of others that are none of them by name."""
    known = {_name_of(item) for item in objects}
    return objects + [item for item in others if _name_of(item) not in known]


def _name_of(item):
    return (item["apiVersion"].split("/")[0], item["kind"], item["metadata"].get("namespace"), item["metadata"]["name"])


# What the cluster is told of releases: for people as JSON, and the manifests packed, so that going back needs no commit.
NOTED = ("running", "previous", "attempting")


def ticketing_note(releases, namespace, version):
    """The config map `release`, over that version of it. Of releases, those that there are are noted."""
    known = {name: releases[name] for name in NOTED if releases[name]}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "release", "namespace": namespace, **({"resourceVersion": version} if version else {})},
        "data": {name: _said({key: one[key] for key in one if key != "objects"}) for name, one in known.items()},
        "binaryData": {f"{name}.json.gz": _packed(one["objects"]) for name, one in known.items()},
    }


def ticketing_noted(note):
    """The releases of a config map that `ticketing_note` made, as they were; none for those that are not noted."""
    said, packed = note.get("data", {}), note.get("binaryData", {})
    return {
        name: {**json.loads(said[name]), "objects": _unpacked(packed[f"{name}.json.gz"])} if name in said else None
        for name in NOTED
    }


def ticketing_is_note(text):
    """Whether kubectl told of no config map `release`, or of one that `ticketing_note` made."""
    try:
        ticketing_noted(json.loads(text) if text else {})
    except (AttributeError, KeyError, OSError, TypeError, ValueError):
        return False
    return True


def _said(value):
    return json.dumps(value, sort_keys=True)


def _packed(objects):
    return base64.b64encode(gzip.compress(_said(objects).encode(), mtime=0)).decode()


def _unpacked(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


def ticketing_unfinished(installed, charts):
    """Of these charts, the releases of Helm that are neither there nor away: `cert-manager: pending-install`."""
    wanted = {(chart["namespace"], chart["name"]) for chart in charts}
    return sorted(
        f"{one['name']}: {one['status']}"
        for one in installed
        if (one["namespace"], one["name"]) in wanted and one["status"] != "deployed"
    )


def ticketing_revisions(deployments):
    """How often each deployment's pods were made anew, by its name."""
    return {
        item["metadata"]["name"]: item["metadata"].get("annotations", {}).get("deployment.kubernetes.io/revision", "")
        for item in deployments
    }


def ticketing_status(deployments):
    """A line for each deployment, for people."""
    return [
        f"{item['metadata']['name']}: {item['spec']['template']['spec']['containers'][0]['image']}, "
        f"ready {item.get('status', {}).get('readyReplicas', 0)} of {item['spec']['replicas']}"
        for item in deployments
    ]


class FilterModule:
    def filters(self):
        return {
            "ticketing_aws": ticketing_aws,
            "ticketing_digests": ticketing_digests,
            "ticketing_foreign": ticketing_foreign,
            "ticketing_image": ticketing_image,
            "ticketing_is_note": ticketing_is_note,
            "ticketing_last": ticketing_last,
            "ticketing_marked": ticketing_marked,
            "ticketing_names": ticketing_names,
            "ticketing_note": ticketing_note,
            "ticketing_noted": ticketing_noted,
            "ticketing_removable": ticketing_removable,
            "ticketing_revisions": ticketing_revisions,
            "ticketing_secrets": ticketing_secrets,
            "ticketing_status": ticketing_status,
            "ticketing_stream": ticketing_stream,
            "ticketing_unfinished": ticketing_unfinished,
            "ticketing_with": ticketing_with,
        }
