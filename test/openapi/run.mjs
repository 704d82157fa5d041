// SPDX-License-Identifier: Apache-2.0
// Holds /openapi.json to its standard (redocly), to routes.def, and to what the server really takes and answers (ajv).
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const here = dirname(fileURLToPath(import.meta.url));
const aplomb = process.env.APLOMB ?? join(here, "../../build/aplomb");
const top = mkdtempSync(join(tmpdir(), "aplomb-openapi-"));
let failed = 0;

function check(holds, sentence) {
  if (!holds) throw new Error(sentence);
}

async function test(name, run) {
  try {
    await run();
    console.log(`ok openapi ${name}`);
  } catch (e) {
    failed++;
    console.log(`not ok openapi ${name}: ${e.message.split("\n")[0]}`);
    console.log(e.stack);
  }
}

function startServer() {
  const data = join(top, "data"), tokenFile = join(top, "token");
  const made = spawnSync(aplomb, ["init", "--data", data, "--admin", "root", "--token-file", tokenFile], { encoding: "utf8" });
  check(made.status === 0, made.stderr);
  const child = spawn(aplomb, ["serve", "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "ignore"] });
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", chunk => {
      const found = (said += chunk).match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve({ child, origin: found[0], token: readFileSync(tokenFile, "utf8").trim() });
    });
    child.on("exit", code => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}

const server = await startServer();
const doc = await (await fetch(`${server.origin}/openapi.json`)).json();

async function ask(method, path, body, headers = {}) {
  const r = await fetch(server.origin + path, {
    method, body: body && JSON.stringify(body),
    headers: { Authorization: `Bearer ${server.token}`, ...(body && { "Content-Type": "application/json" }), ...headers },
  });
  return { status: r.status, type: r.headers.get("content-type"), body: await r.json() };
}

// A reply may hold nothing that the document does not name: the schemas leave room for later versions, this test does not.
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (!schema || typeof schema !== "object") return schema;
  const out = Object.fromEntries(Object.entries(schema).map(([k, v]) => [k, strict(v)]));
  if (out.type === "object" && out.properties) out.additionalProperties = false;
  return out;
}

const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema({ $id: "doc", components: { schemas: strict(doc.components.schemas) } });

function hold(schema, value, what) {
  const valid = ajv.validate(JSON.parse(JSON.stringify(strict(schema)).replaceAll('"#/', '"doc#/')), value);
  check(valid, `${what}: ${ajv.errors?.slice(0, 4).map(e => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`).join("; ")}`);
}

function operation(method, path) {
  const op = doc.paths[path]?.[method.toLowerCase()];
  check(op, `${method} ${path} is not in the document`);
  return op;
}

function resolve(x) {
  return x.$ref ? x.$ref.slice(2).split("/").reduce((at, part) => at[part], doc) : x;
}

// Asks, and holds request and reply to the document.
async function walk(method, path, { as = path, body, headers, status } = {}) {
  const op = operation(method, as);
  if (body) hold(op.requestBody.content["application/json"].schema, body, `body of ${method} ${as}`);
  const r = await ask(method, path, body, headers);
  check(r.status === status || (!status && r.status < 300), `${method} ${path}: ${r.status} ${JSON.stringify(r.body)}`);
  const told = resolve(op.responses[r.status] ?? op.responses[`${String(r.status)[0]}XX`] ?? {});
  check(told.content?.[r.type], `${method} ${as}: ${r.status} ${r.type} is not in the document`);
  hold(told.content[r.type].schema, r.body, `reply of ${method} ${as}`);
  return r.body;
}

await test("redocly finds nothing", () => {
  const file = join(top, "openapi.json");
  writeFileSync(file, JSON.stringify(doc));
  const r = spawnSync(join(here, "node_modules/.bin/redocly"), ["lint", "--format=json", file], {
    encoding: "utf8", env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" }, cwd: here,
  });
  const found = JSON.parse(r.stdout.slice(r.stdout.indexOf("{")));
  check(r.status === 0 && found.totals.errors + found.totals.warnings === 0,
    found.problems.map(p => `${p.ruleId} ${p.location[0]?.pointer}: ${p.message}`).join("; "));
});

await test("every route of the API is told", () => {
  const rows = readFileSync(join(here, "../../src/web/routes.def"), "utf8").matchAll(/^ROUTE\("(\w+)", "(\/api\/v1\/[^"]*)"/gm);
  const told = Object.entries(doc.paths).flatMap(([path, ops]) => Object.keys(ops).map(m => `${m.toUpperCase()} ${path}`));
  let count = 0;
  for (const [, method, path] of rows) {
    const pattern = new RegExp(`^${method} ${path.replace(/\{w\}/g, "[^/]+").replace(/\{[^}]*\}/g, "\\{[a-z]+\\}")}$`);
    check(told.some(t => pattern.test(t)), `${method} ${path} is not in the document`);
    count++;
  }
  check(count >= 14, `only ${count} routes were found`);
});

await test("every verb of the help is told", () => {
  const help = spawnSync(aplomb, ["help", "hypothesis"], { encoding: "utf8" }).stdout;
  const verbs = [...help.matchAll(/^ {2}hypothesis (\w+)/gm)].map(m => m[1]);
  check(verbs.length > 4, help);
  for (const v of verbs) operation("POST", `/api/v1/incidents/{incident}/hypothesis/${v}`);
});

const one = "/api/v1/incidents/{incident}";

await test("verbs take and answer what is told", async () => {
  const made = await walk("POST", "/api/v1/incidents", { body: { title: "Checkout is slow", severity: "sev2", services: ["checkout"] } });
  check(made.incident === 1, JSON.stringify(made));
  await walk("POST", "/api/v1/incidents/1/note/add", { as: `${one}/note/add`, body: { text: "DB CPU is normal" }, headers: { "Idempotency-Key": "k1" } });
  const again = await walk("POST", "/api/v1/incidents/1/note/add", { as: `${one}/note/add`, body: { text: "DB CPU is normal" }, headers: { "Idempotency-Key": "k1" } });
  check(again.repeat, JSON.stringify(again));
  await walk("POST", "/api/v1/incidents/1/note", { as: `${one}/note`, body: { text: "the short way" } });
  await walk("POST", "/api/v1/incidents/1/freeze/start", { as: `${one}/freeze/start`, body: { reason: "look first" } });
  await walk("POST", "/api/v1/incidents/1/hypothesis/open", { as: `${one}/hypothesis/open`, body: { cause: "The database", prediction: "CPU is high" } });
});

await test("refusals are what is told", async () => {
  const guard = await walk("POST", "/api/v1/incidents/1/resolve", { as: `${one}/resolve`, body: { summary: "It is fine" }, status: 409 });
  check(guard.guard && guard.detail && guard.next && guard.code === "guard", JSON.stringify(guard));
  await walk("POST", "/api/v1/incidents", { as: "/api/v1/incidents", headers: { Authorization: "Bearer none" }, status: 401 });
  await walk("GET", "/api/v1/incidents/77", { as: one, status: 404 });
  const unknown = await ask("POST", "/api/v1/incidents/1/note/add", { words: "no such field" });
  check(unknown.status === 422 || unknown.status === 400, JSON.stringify(unknown));
  let fits = true;
  try {
    hold(operation("POST", `${one}/note/add`).requestBody.content["application/json"].schema, { words: "no such field" }, "note");
  } catch {
    fits = false;
  }
  check(!fits, "the document takes a field that the server refuses");
});

await test("what is read is what is told", async () => {
  await fetch(`${server.origin}/api/v2/alerts`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify([{ labels: { alertname: "Slow", service: "checkout" }, annotations: { summary: "p99" } }]),
  });
  const apply = "/api/v1/desk/service/apply";
  await walk("POST", apply, { as: apply, body: { file: "services.yaml", services: [{ name: "checkout", tier: "tier1", depends: ["mail"] }] } });
  await ask("POST", "/api/v1/desk/service/set", { name: "checkout", owner: "web" });
  const services = await walk("GET", "/api/v1/services");
  check(services.services[0].drift.length === 1, JSON.stringify(services));
  await walk("GET", "/api/v1/services/checkout", { as: "/api/v1/services/{rest}" });
  for (const path of ["/api/v1/incidents", "/api/v1/alerts", "/api/v1/actions", "/api/v1/reviews", "/api/v1/people", "/api/v1/me", "/api/v1/readiness"])
    await walk("GET", path);
  const alerts = await walk("GET", "/api/v1/alerts");
  check(alerts.alerts.length === 1, JSON.stringify(alerts));
  await walk("GET", "/api/v1/incidents?state=open", { as: "/api/v1/incidents" });
  await walk("GET", "/api/v1/incidents/1", { as: one });
  const told = await walk("GET", "/api/v1/incidents/1/timeline", { as: `${one}/timeline` });
  check(told.timeline.length >= 5, JSON.stringify(told));
});

server.child.removeAllListeners("exit");
await new Promise(done => {
  server.child.on("exit", done);
  server.child.kill("SIGTERM");
});
rmSync(top, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
