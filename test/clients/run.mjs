#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Unmodified clients of other services deliver to Aplomb: @pagerduty/pdjs (over TLS with a certificate of our own: it speaks
// nothing else), opsgenie-sdk, cloudevents, sentry-cli and Ansible; @octokit/webhooks-methods signs as GitHub does. Afterwards
// the API says what became of it.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sign, verify } from "@octokit/webhooks-methods";
import { acknowledge, resolve, trigger } from "@pagerduty/pdjs";
import { CloudEvent, emitterFor, httpTransport, Mode } from "cloudevents";

const here = dirname(fileURLToPath(import.meta.url));
const aplomb = process.env.APLOMB ?? join(here, "../../build/aplomb");
const opsgenie = createRequire(import.meta.url)("opsgenie-sdk");

function check(holds, sentence, seen) {
  if (!holds) throw new Error(`${sentence}${seen === undefined ? "" : `: ${JSON.stringify(seen)}`}`);
}

class Server {
  constructor(top) {
    this.data = join(top, "data");
    this.tokenFile = join(top, "token");
    execFileSync(aplomb, ["init", "--data", this.data, "--admin", "root", "--token-file", this.tokenFile]);
    this.token = readFileSync(this.tokenFile, "ascii").trim();
  }

  // False when it does not know one of the flags.
  async start(...flags) {
    this.child = spawn(aplomb, ["serve", "--data", this.data, "--listen", "127.0.0.1:0", ...flags], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    return new Promise((resolve, reject) => {
      const hear = chunk => {
        said += chunk;
        const found = said.match(/(https?):\/\/127\.0\.0\.1:(\d+)/);
        if (!found) return;
        this.origin = found[0];
        resolve(true);
      };
      this.child.stdout.on("data", hear);
      this.child.stderr.on("data", chunk => { said += chunk; });
      this.child.on("exit", code => code === 2 ? resolve(false) : reject(new Error(`the server ended with ${code}: ${said}`)));
    });
  }

  async stop() {
    if (this.child?.exitCode !== null) return;
    this.child.removeAllListeners("exit");
    const ended = new Promise(done => this.child.on("exit", done));
    this.child.kill("SIGTERM");
    check(await ended === 0, "the server did not end well");
  }

  async ask(path, body) {
    const reply = await fetch(this.origin + path, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    check(reply.ok, `${path} answered ${reply.status}`, await reply.clone().text());
    return reply.json();
  }

  async key(name, source) {
    const { key } = await this.ask("/api/v1/desk/integration/add", { name, source });
    check(/^[0-9a-f]{32}$/.test(key), "a key is 32 hex digits", key);
    return key;
  }

  async changes(service) {
    return (await this.ask(`/api/v1/changes?service=${service}`)).changes;
  }

  async alert(name) {
    const { alerts } = await this.ask("/api/v1/alerts");
    return alerts.find(a => a.name === name);
  }
}

// As a person calls them: (name of the method, identifier, body) with a callback at the end.
const genie = (method, ...args) => new Promise((resolve, reject) => {
  opsgenie.alertV2[method](...args, (error, reply) => error ? reject(new Error(JSON.stringify(error))) : resolve(reply));
});

async function withOpsgenie(server) {
  opsgenie.configure({ host: server.origin, api_key: await server.key("sdk", "opsgenie") });
  const made = await genie("create", { message: "Checkout is slow", alias: "eu/checkout", priority: "P1", description: "p99 of 4 s" });
  check(made.requestId && made.result, "create answers like Opsgenie", made);
  const alert = await server.alert("Checkout is slow");
  check(alert?.is_firing && alert.severity === "critical", "it fires, and P1 is critical", alert);
  const again = await genie("create", { message: "Checkout is slow", alias: "eu/checkout", priority: "P1" });
  check(again.requestId, "a repeat is taken", again);
  const { alerts } = await server.ask("/api/v1/alerts");
  check(alerts.filter(a => a.name === "Checkout is slow").length === 1, "the alias makes it one alert", alerts);
  const id = { identifier: encodeURIComponent("eu/checkout"), identifierType: "alias" };
  await genie("acknowledge", id, {});
  check((await server.alert("Checkout is slow")).acked_by === "Opsgenie (sdk)", "the acknowledgement has its sender's name");
  await genie("close", id, {});
  check(!(await server.alert("Checkout is slow")).is_firing, "close ends it");
  opsgenie.configure({ api_key: "ffffffffffffffffffffffffffffffff" });
  const refused = await genie("create", { message: "Never" }).then(() => null, error => JSON.parse(error.message));
  check(refused?.httpStatusCode === 401 && refused.message, "a wrong key is refused with a sentence", refused);
}

async function withCloudEvents(server) {
  const key = await server.key("events", "cloudevents");
  const headers = { authorization: `Bearer ${key}` };
  const event = (title, data = {}) => new CloudEvent({
    source: "/db1", type: "disk.full", subject: title, data: { title, severity: "critical", service: "db", ...data },
  });
  for (const [name, mode] of [["structured", Mode.STRUCTURED], ["binary", Mode.BINARY]]) {
    const emit = emitterFor(httpTransport(`${server.origin}/in/cloudevents`), { mode });
    const reply = await emit(event(`Disk full, ${name}`), { headers });
    const alert = await server.alert(`Disk full, ${name}`);
    check(alert?.is_firing && alert.severity === "critical" && alert.service === "db", `${name} mode is read`, { alert, reply });
  }
  const byQuery = emitterFor(httpTransport(`${server.origin}/in/cloudevents?access_token=${key}`), { mode: Mode.BINARY });
  await byQuery(event("Disk full, by query"));
  check(await server.alert("Disk full, by query"), "the key in the query is taken");
  const refused = await emitterFor(httpTransport(`${server.origin}/in/cloudevents?access_token=wrong`), { mode: Mode.BINARY })(event("Never"));
  check(/key/.test(refused.body) && !(await server.alert("Never")), "a wrong one is not", refused);
  // its emitters send one at a time; a batch is its events as it writes them
  const batch = await fetch(`${server.origin}/in/cloudevents`, {
    method: "POST", headers: { ...headers, "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify([event("Batch one").toJSON(), event("Batch two").toJSON()]),
  });
  check(batch.ok && await server.alert("Batch one") && await server.alert("Batch two"), "a batch is read", batch.status);
}

async function withGitHub(server) {
  const secret = await server.key("code", "github");
  const hook = (id, more) => JSON.stringify({
    action: "created", repository: { full_name: "acme/shop", html_url: "https://github.com/acme/shop" },
    deployment: { id, ref: "v1.4.2", environment: "production", creator: { login: "ada" } }, ...more,
  });
  const post = (event, body, signature) => fetch(`${server.origin}/in/github/code`, {
    method: "POST", body,
    headers: { "content-type": "application/json", "x-github-event": event, "x-hub-signature-256": signature },
  });
  const done = hook(1, { deployment_status: { state: "success" }, note: "\u00fc \u{1f680}" });
  check(await verify(secret, done, await sign(secret, done)), "its own proof fits");
  for (const [event, body] of [["deployment", hook(1)], ["deployment_status", done], ["deployment_status", done]]) {
    const reply = await post(event, body, await sign(secret, body));
    check(reply.ok, `a signed ${event} is taken`, await reply.text());
  }
  const { changes } = await server.ask("/api/v1/changes");
  check(changes.length === 1 && changes[0].title === "shop v1.4.2" && changes[0].state === "done", "it is one change, and done", changes);
  const other = hook(2);
  for (const signature of [await sign("another secret", other), await sign(secret, done), await sign(secret, `${other} `)]) {
    const reply = await post("deployment", other, signature);
    const { detail } = await reply.json();
    check(reply.status === 401 && /signature/.test(detail), "a signature of anything else is refused", detail);
  }
  check((await server.ask("/api/v1/changes")).changes.length === 1, "nothing came of those");
}

async function withPagerDuty(server) {
  const routing_key = await server.key("pdjs", "pagerduty");
  const to = { server: new URL(server.origin).host };
  const payload = { summary: "Disk full on db1", source: "db1", severity: "critical" };
  const data = { routing_key, dedup_key: "db1/disk" };
  const made = await trigger({ ...to, data: { ...data, payload } });
  check(made.response.status === 202 && made.data.status === "success" && made.data.dedup_key === "db1/disk", "trigger is taken", made.data);
  const alert = await server.alert("Disk full on db1");
  check(alert?.is_firing && alert.severity === "critical", "it fires", alert);
  const acked = await acknowledge({ ...to, data });
  check(acked.response.status === 202, "acknowledge is taken", acked.data);
  check((await server.alert("Disk full on db1")).acked_by === "PagerDuty (pdjs)", "the acknowledgement has its sender's name");
  await resolve({ ...to, data });
  const ended = await server.alert("Disk full on db1");
  check(!ended.is_firing && ended.severity === "critical", "resolve ends it and keeps what it said", ended);
  const unnamed = await trigger({ ...to, data: { routing_key, payload: { ...payload, summary: "No key" } } });
  check(unnamed.data.dedup_key, "a missing key is made and told", unnamed.data);
  const refused = await trigger({ ...to, data: { routing_key: "f".repeat(32), payload } });
  check(refused.response.status === 401 && refused.data.errors.length, "a wrong key is refused", refused.data);
}

// The whole pipeline that Sentry's own pages tell people to paste; another program, so that a failure is its exit code.
async function withSentry(server) {
  const call = (key, ...words) => execFileSync(join(here, "node_modules/.bin/sentry-cli"), words, {
    cwd: here, stdio: "pipe", encoding: "utf8",
    env: { ...process.env, SENTRY_URL: server.origin, SENTRY_AUTH_TOKEN: key, SENTRY_ORG: "acme", SENTRY_DISABLE_UPDATE_CHECK: "1" },
  });
  const key = await server.key("releases", "sentry_release");
  call(key, "releases", "new", "shop@1.2.3", "-p", "shop");
  if (existsSync(join(here, "../../.git"))) call(key, "releases", "set-commits", "shop@1.2.3", "--auto", "--ignore-missing");
  call(key, "releases", "finalize", "shop@1.2.3");
  check((await server.changes("shop")).length === 0, "a release that is not deployed is no change");
  call(key, "deploys", "new", "-r", "shop@1.2.3", "-e", "production", "-n", "blue", "-t", "30", "-u", "https://ci.example/7");
  const [change, ...more] = await server.changes("shop");
  check(!more.length && change.version === "1.2.3" && change.environment === "production" && change.link === "https://ci.example/7" &&
    change.state === "done" && change.sender === "sentry_release/releases", "a deploy is a change", change);
  check(Date.parse(change.ended) - Date.parse(change.began) === 30000, "it took as long as was said", change);
  call(key, "deploys", "new", "-r", "v8", "-e", "prod", "-p", "web", "-p", "worker");
  check((await server.changes("web")).length === 1 && (await server.changes("worker")).length === 1, "each project is a change");
  const fails = (...words) => { try { call(...words); return ""; } catch (error) { return error.stderr; } };
  check(/key/.test(fails("0".repeat(32), "deploys", "new", "-r", "no@1", "-e", "prod")), "a wrong key is refused with a sentence");
  check(/elease not found/.test(fails(key, "deploys", "list", "-r", "v8")), "a list that is not kept is said not to be there");
}

async function withAnsible(server) {
  const key = await server.key("ansible", "pagerduty");
  const call = (extra, ...flags) => execFileSync("ansible", ["localhost", "-c", "local", "-m", "community.general.pagerduty_change", "-a",
    JSON.stringify({ url: `${server.origin}/v2/change/enqueue`, integration_key: key, summary: "The shop was deployed", source: "Ansible Deploy",
      user: "ansible", repo: "https://github.com/acme/shop", revision: "4.2", environment: "production", link_url: "https://ci.example/7", ...extra }), ...flags],
    { stdio: "pipe", encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8", ANSIBLE_LOCALHOST_WARNING: "false", ANSIBLE_HOME: server.data + "-ansible" } });
  const fails = extra => { try { call(extra); return ""; } catch (error) { return error.stdout; } };
  call({}, "--check");
  check((await server.changes("shop")).length === 0, "its check mode changes nothing");
  call({});
  const [change, ...more] = await server.changes("shop");
  check(!more.length && change.version === "4.2" && change.who === "ansible" && change.environment === "production" &&
    change.link === "https://ci.example/7", "a change event is a change", change);
  check(/failed with 401/.test(fails({ integration_key: "0".repeat(32) })), "a wrong key is refused");
}

function isThere(program) {
  try { return execFileSync(program, ["--version"], { stdio: "pipe" }).length > 0; } catch { return false; }
}

let failed = 0;
async function run(name, test) {
  try {
    const why = await test();
    console.log(why ? `skipped clients ${name}: ${why}` : `ok clients ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok clients ${name}: ${error.message}`);
  }
}

async function onServer(test, ...flags) {
  const top = mkdtempSync(join(tmpdir(), "aplomb-clients-"));
  let server;
  try {
    server = new Server(top);
    return await server.start(...flags) ? await test(server) : `this build does not know ${flags[0]}`;
  } finally {
    await server?.stop();
    rmSync(top, { recursive: true, force: true });
  }
}

function makeCert(top) {
  const [cert, key] = [join(top, "cert.pem"), join(top, "key.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", "/CN=Aplomb test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { cert, key };
}

// Node reads NODE_EXTRA_CA_CERTS when it starts: what speaks TLS runs in a process of its own.
async function inTrustingProcess() {
  const top = mkdtempSync(join(tmpdir(), "aplomb-clients-tls-"));
  try {
    const { cert, key } = makeCert(top);
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), cert, key],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: cert }, stdio: "inherit" });
    if (await new Promise(done => child.on("exit", done)) !== 0) failed++;
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

const [cert, key] = process.argv.slice(2);
if (cert) {
  await run("pdjs over TLS of our own", () => onServer(withPagerDuty, "--tls-cert", cert, "--tls-key", key));
} else {
  await run("opsgenie-sdk creates, acknowledges and closes", () => onServer(withOpsgenie));
  await run("cloudevents in each mode", () => onServer(withCloudEvents));
  await run("@octokit/webhooks-methods signs deployments", () => onServer(withGitHub));
  await run("sentry-cli tells of releases and deploys", () => onServer(withSentry));
  await run("ansible's pagerduty_change", async () => isThere("ansible") ? onServer(withAnsible) : "ansible is not installed");
  await inTrustingProcess();
}
process.exit(failed ? 1 : 0);
