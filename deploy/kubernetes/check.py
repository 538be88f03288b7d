"""Renders both ways to run Tallywire on Kubernetes, and checks what comes out.

Every object against the schema of its kind, for the oldest and the newest Kubernetes; and what no schema knows: that names
which refer to something lead somewhere, that ports, times and variables agree with config.toml and with the rights of the
users, that no pod has more rights than it needs, and that nats-server takes its configuration.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

import jsonschema
import kubernetes_validate
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
OVERLAYS = ["single", "cluster"]
VERSIONS = ["1.31", "1.37"]
SERVICES = ["fetcher", "cleaner", "entities", "figures", "sink"]
# What the users of the broker may do, as a test keeps it.
RIGHTS = ROOT / "services/tallywire/src/credentials/snapshots/tallywire__credentials__server_config__tests__what_each_user_may_do.snap"

failures = []


def expect(holds, message):
    if not holds:
        failures.append(message)


def with_secrets(folder):
    """A copy of deploy/ in which the files that each installation makes for itself are there."""
    shutil.copytree(ROOT / "deploy", folder, ignore=shutil.ignore_patterns("tls", "credentials"))
    secrets = folder / "kubernetes/secrets"
    made = subprocess.run(
        [folder / "nats/certificates.sh", secrets / "tls", "nats", "localhost"], capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    (secrets / "credentials/server").mkdir(parents=True)
    for user in SERVICES + ["admin"]:
        (secrets / f"credentials/{user}.nk").write_text("a seed\n")
    (secrets / "credentials/server/users.conf").write_text("authorization { users: [] }\n")


def render(folder, overlay):
    done = subprocess.run(
        ["kubectl", "kustomize", folder / "kubernetes" / overlay], capture_output=True, text=True
    )
    if done.returncode != 0 or done.stderr:
        sys.exit(f"{overlay} cannot be rendered:\n{done.stderr}")
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def check_schemas(overlay, objects):
    keda = json.loads((ROOT / "deploy/kubernetes/keda.schema.json").read_text())
    for thing in objects:
        name = f"{overlay}: {thing['kind']} {thing['metadata']['name']}"
        if thing["apiVersion"].startswith("keda.sh/"):
            for error in jsonschema.Draft202012Validator(keda).iter_errors(thing):
                failures.append(f"{name}: {error.json_path}: {error.message}")
            continue
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(thing, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                failures.append(f"{name}: Kubernetes {version}: {'.'.join(map(str, error.path))}: {error.message}")


def pods(objects):
    for thing in objects:
        if thing["kind"] in ("Deployment", "StatefulSet", "Job"):
            yield thing["metadata"]["name"], thing, thing["spec"]["template"]


def check_rights(overlay, objects):
    """What `restricted` of Kubernetes asks for, and a file system that nobody can write to."""
    for name, _, template in pods(objects):
        spec, where = template["spec"], f"{overlay}: {name}"
        context = spec["securityContext"]
        expect(context["runAsNonRoot"] and context["runAsUser"] == 65532, f"{where} does not run as 65532")
        expect(context["seccompProfile"] == {"type": "RuntimeDefault"}, f"{where} has no seccomp profile")
        expect(spec["automountServiceAccountToken"] is False, f"{where} gets a token of the cluster")
        for container in spec["containers"]:
            own = container["securityContext"]
            expect(own["capabilities"] == {"drop": ["ALL"]}, f"{where} has capabilities")
            expect(own["allowPrivilegeEscalation"] is False, f"{where} may gain rights")
            expect(own["readOnlyRootFilesystem"] is True, f"{where} may write")
            limits = container["resources"]
            expect(all({"cpu", "memory"} <= limits[part].keys() for part in ("requests", "limits")), f"{where}: limits")
        seeds = [volume["secret"]["secretName"] for volume in spec["volumes"] if volume["name"] == "seed"]
        user = {"provision": "admin"}.get(name, name)
        expect(name == "nats" or [re.sub("-[a-z0-9]*$", "", seed) for seed in seeds] == [f"{user}-seed"], f"{where}: {seeds}")


def references(node, key=None):
    """The configuration maps, secrets and claims that something refers to."""
    if isinstance(node, dict):
        if key in ("configMap", "configMapRef"):
            yield "ConfigMap", node["name"]
        elif key == "secret":
            yield "Secret", node.get("secretName") or node["name"]
        elif key == "persistentVolumeClaim":
            yield "PersistentVolumeClaim", node["claimName"]
        for inner, value in node.items():
            yield from references(value, inner)
    elif isinstance(node, list):
        for value in node:
            yield from references(value, key)


def check_references(overlay, objects):
    there = {(thing["kind"], thing["metadata"]["name"]) for thing in objects}
    labels = [template["metadata"]["labels"].items() for _, _, template in pods(objects)]
    for name, _, template in pods(objects):
        for reference in references(template["spec"]["volumes"] + template["spec"]["containers"]):
            expect(reference in there, f"{overlay}: {name} refers to {reference}, which is not there")
    for thing in objects:
        name, spec = f"{overlay}: {thing['kind']} {thing['metadata']['name']}", thing.get("spec", {})
        selector = {
            "Service": lambda: spec["selector"],
            "PodDisruptionBudget": lambda: spec["selector"]["matchLabels"],
            "NetworkPolicy": lambda: spec["podSelector"].get("matchLabels", {}),
        }.get(thing["kind"], lambda: {})()
        expect(any(selector.items() <= pod for pod in labels), f"{name} selects no pod: {selector}")
        expect(thing["kind"] == "Namespace" or thing["metadata"].get("namespace") == "tallywire", f"{name}: namespace")


def seconds(text):
    """A duration of config.toml, of one unit."""
    number, unit = re.fullmatch(r"(\d+)(s|m|h)", text).groups()
    return int(number) * {"s": 1, "m": 60, "h": 3600}[unit]


def check_configuration(overlay, objects):
    known = tomllib.loads((ROOT / "deploy/config.toml").read_text())
    here = tomllib.loads((ROOT / "deploy/kubernetes/config/config.toml").read_text())
    for section, keys in here.items():
        for key in keys:
            expect(key in known.get(section, {}), f"config/config.toml: there is no key {section}.{key}")
    port = int(here["admin"]["listen"].rsplit(":", 1)[1])
    variables = {f"TALLYWIRE_{section}_{key}".upper() for section, keys in known.items() for key in keys}
    [environment] = [thing["data"] for thing in objects if "TALLYWIRE_NATS_URL" in thing.get("data", {})]
    unknown = environment.keys() - variables - {"TALLYWIRE_CONFIG"}
    expect(not unknown, f"{overlay}: no keys of config.toml: {unknown}")
    for name, thing, template in pods(objects):
        if thing["kind"] != "Deployment":
            continue
        [container] = template["spec"]["containers"]
        ports = {entry["name"]: entry["containerPort"] for entry in container["ports"]}
        for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
            get = container[probe]["httpGet"]
            expect(get["path"] == path and ports[get["port"]] == port, f"{overlay}: {name}: {probe} {get}")
        start = container["startupProbe"]
        patience = start["periodSeconds"] * start["failureThreshold"]
        expect(patience > seconds(known["nats"]["connect_for"]), f"{overlay}: {name}: nats.connect_for is longer")
        grace = template["spec"]["terminationGracePeriodSeconds"]
        expect(grace > seconds(known["stages"]["drain_timeout"]), f"{overlay}: {name}: stages.drain_timeout is longer")


def check_scaling(overlay, objects):
    consumers = set(re.findall(r"CONSUMER\.MSG\.NEXT\.([A-Z_]+)\.([a-z]+)\"", RIGHTS.read_text()))
    deployments = {name for name, thing, _ in pods(objects) if thing["kind"] == "Deployment"}
    expect(deployments == set(SERVICES), f"{overlay}: {deployments}")
    for thing in objects:
        if thing["kind"] == "ScaledObject":
            target = thing["spec"]["scaleTargetRef"]["name"]
            expect(target in deployments, f"{overlay}: nothing is called {target}")
            for trigger in thing["spec"]["triggers"]:
                consumer = (trigger["metadata"]["stream"], trigger["metadata"]["consumer"])
                expect(consumer in consumers and consumer[1] == target, f"{overlay}: {consumer} does not tell of {target}")


def check_broker(overlay, objects, folder):
    """Puts the server's files where its pod has them, and asks the server."""
    home = folder / f"etc-{overlay}"
    [server] = [thing for thing in objects if thing["kind"] == "StatefulSet"]
    content = {thing["metadata"]["name"]: thing for thing in objects if thing["kind"] in ("ConfigMap", "Secret")}
    secrets = folder / "kubernetes/secrets"
    files = {"users.conf": secrets / "credentials/server/users.conf"}
    [volume] = [volume for volume in server["spec"]["template"]["spec"]["volumes"] if volume["name"] == "config"]
    for source in volume["projected"]["sources"]:
        if "configMap" in source:
            for name, text in content[source["configMap"]["name"]]["data"].items():
                home.mkdir(exist_ok=True)
                (home / name).write_text(text.replace("/etc/nats/", f"{home}/").replace("/data", f"{home}/data"))
        else:
            for item in source["secret"]["items"]:
                (home / item["path"]).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(files.get(item["key"], secrets / "tls" / item["key"]), home / item["path"])
    arguments = server["spec"]["template"]["spec"]["containers"][0]["args"]
    config = home / pathlib.Path(arguments[arguments.index("--config") + 1]).name
    done = subprocess.run([ROOT / ".tools/nats-server", "--config", config, "-t"], capture_output=True, text=True)
    expect(done.returncode == 0, f"{overlay}: nats-server does not take {config.name}: {done.stderr}")
    servers = server["spec"].get("replicas", 1)
    routes = config.read_text().count("nats-route://")
    expect(routes == (servers if servers > 1 else 0), f"{overlay}: {servers} servers, and routes to {routes}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder) / "deploy"
        with_secrets(folder)
        for overlay in OVERLAYS:
            objects = render(folder, overlay)
            check_schemas(overlay, objects)
            check_rights(overlay, objects)
            check_references(overlay, objects)
            check_configuration(overlay, objects)
            check_scaling(overlay, objects)
            check_broker(overlay, objects, folder)
            print(f"{overlay}: {len(objects)} objects")
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(bool(failures))


main()
