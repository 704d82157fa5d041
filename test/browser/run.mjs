// SPDX-License-Identifier: Apache-2.0
// Walks the ten steps in Chromium as a person would: at 360 and 1280 pixels, with JavaScript and without; pictures are kept
// in pictures/. Each page is held to: no wider than the screen, no accessibility violation, one primary button at most.
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import AxeBuilder from "@axe-core/playwright";
import { changes } from "./changes.mjs";
import { desk } from "./desk.mjs";
import { record, suspects } from "./suspects.mjs";
import { services } from "./services.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const aplomb = process.env.APLOMB ?? join(here, "../../build/aplomb");
const pictures = join(here, "pictures");
const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);

function check(holds, sentence) {
  if (!holds) throw new Error(sentence);
}

async function startServer(top) {
  const child = spawn(aplomb, ["serve", "--data", join(top, "data"), "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  const welcome = await new Promise((resolve, reject) => {
    child.stdout.on("data", chunk => {
      said += chunk;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+\/welcome\?token=\S+/);
      if (found) resolve(found[0]);
    });
    child.on("exit", code => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  return { child, welcome, origin: new URL(welcome).origin };
}

const stopServer = child => new Promise(done => {
  child.removeAllListeners("exit");
  child.on("exit", done);
  child.kill("SIGTERM");
});

// What every page is held to. axe needs JavaScript of its own in the page, so it runs where JavaScript is on.
async function hold(page, name, { width, js }) {
  const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  check(wide <= inner, `${name}: the page is ${wide} px wide on a screen of ${inner}`);
  const primary = await page.locator(".primary:visible").count();
  check(primary <= 1, `${name}: ${primary} primary buttons`);
  if (js) {
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
    check(!violations.length, `${name}: ${violations.map(v => `${v.id} (${v.nodes[0].target})`).join(", ")}`);
  }
  await page.screenshot({ path: join(pictures, `${name}-${width}-${js ? "js" : "nojs"}.png`), fullPage: true });
}

async function submit(page, form = "form.verb") {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.locator(`${form} button:not([type=button])`).last().click()]);
}

async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`form.verb [name="${name}"]:not([type=hidden])`).first();
    const tag = await field.evaluate(e => e.tagName === "INPUT" ? e.type : e.tagName);
    if (tag === "SELECT") await field.selectOption(value);
    else if (tag === "radio" || tag === "checkbox") await page.locator(`form.verb [name="${name}"][value="${value}"]`).check();
    else if (tag === "file") await field.setInputFiles(value);
    else await field.fill(value);
  }
}

// One step: the war room must lead to the verb; then its form is filled in, as with a thumb.
async function step(page, room, verb, fields = {}) {
  await page.goto(room);
  const ways = page.locator(`a[href*="/do/${verb}"], form[action*="/do/${verb}"]`);
  check(await ways.count() > 0, `the war room has no way to "${verb}"`);
  await page.goto(`${room}/do/${verb}`);
  await fill(page, fields);
  await submit(page);
  const problem = page.locator(".problem");
  check(!(await problem.count()), `${verb}: ${await problem.count() ? await problem.first().innerText() : ""}`);
}

async function declare(page, origin, how) {
  const alert = { labels: { alertname: "CheckoutLatency", service: "checkout", severity: "page" }, annotations: { summary: "p99 is 3.4 s, limit 1 s" } };
  const sent = await fetch(`${origin}/api/v2/alerts`, { method: "POST", body: JSON.stringify([alert]) });
  check(sent.status === 200, `the alert got ${sent.status}`);
  await page.goto(origin);
  check((await page.textContent("main")).includes("CheckoutLatency"), "Now does not show the alert");
  await hold(page, "02-now-alert", how);
  await page.goto(`${origin}/alerts`);
  await hold(page, "03-alerts", how);
  await page.goto(origin);
  await Promise.all([page.waitForEvent("domcontentloaded"), page.locator('main a[href*="/declare?"]').first().click()]);
  await fill(page, { title: "Checkout is slow for about 1 in 5 customers", severity: "sev2" });
  await hold(page, "04-declare", how);
  await submit(page);
  check(/\/incidents\/\d+$/.test(page.url()), `declaring led to ${page.url()}`);
  await hold(page, "05-declared", how);
  return page.url();
}

async function investigate(page, room, how) {
  await step(page, room, "freeze/start", { reason: "until we know more", lasts: "2h" });
  await step(page, room, "symptom/record", { fails: "pay, cart save", works: "browse, log in", changed: "config 881, deploy v142", spread: "partial" });
  await step(page, room, "update/send", { happened: "Checkout answers slowly.", impact: "About one in five payments fails.", doing: "We look at the database first.", next: "+30m" });
  check((await page.inputValue('[name="customers"]')).length > 20, "no text was drafted for customers");
  await hold(page, "06-update-drafts", how);
  await submit(page);
  check(page.url() === room && (await page.textContent("main")).includes("Checkout answers slowly."), "the update was not sent");
  const log = join(pictures, "pool.log");
  writeFileSync(log, "02:39:11 pool timeout\n".repeat(20));
  await step(page, room, "evidence/add", { title: "CPU of the database is 22 %", kind: "metric", text: "22 %" });
  await step(page, room, "hypothesis/open", { cause: "The database is overloaded" });
  await step(page, room, "hypothesis/predict", { prediction: "its CPU is above 80 %" });
  await step(page, room, "hypothesis/test", { what: "CPU over the last hour", result: "contradicts", evidence: "1" });
  await step(page, room, "hypothesis/refute", { why: "CPU is at 22 %", evidence: "1" });
  await page.goto(`${room}/do/evidence/add`);
  await fill(page, { title: "pool timeout in the logs", kind: "log" });
  const file = page.locator('form input[type="file"]');
  if (await file.count()) await file.first().setInputFiles(log);
  else await fill(page, { text: "02:39:11 pool timeout" });
  await submit(page);
  await step(page, room, "hypothesis/open", { cause: "The pool was cut from 50 to 5 by config 881", prediction: "waits end when it is undone" });
  await page.goto(room);
  await hold(page, "07-investigating", how);
  await step(page, room, "hypothesis/test", { what: "pool size now and at 02:30", result: "supports", evidence: "2" });
  await step(page, room, "hypothesis/confirm", { why: "50 before, 5 now", evidence: "2" });
}

async function mend(page, room, how) {
  await step(page, room, "mitigation/propose", { what: "Undo config 881", kind: "rollback", undo: "apply 881 again" });
  await step(page, room, "mitigation/approve", { mitigation: "1" });
  await step(page, room, "mitigation/start", { mitigation: "1" });
  await page.goto(room);
  await hold(page, "08-change-in-flight", how);
  await step(page, room, "mitigation/done", { outcome: "the pool is at 50" });
  await page.goto(`${room}/do/incident/resolve`);
  await submit(page);
  check((await page.textContent(".problem")).length > 20, "resolving before verifying was not refused");
  await hold(page, "09-refused", how);
  await step(page, room, "recovery/check", { what: "p99 below 1 s", hold: "1m", every: "1m" });
  await page.goto(`${room}/do/incident/resolve`);
  await submit(page);
  await fill(page, { _because: "The customer's own monitor is green for an hour." });
  await submit(page);
  check(page.url() === room, `resolving with a reason led to ${page.url()}`);
}

async function review(page, origin, room, how) {
  await step(page, room, "review/draft");
  await step(page, room, "review/edit", { summary: "A config change cut the pool.", root_cause: "No check of the limit." });
  await step(page, room, "action/add", { title: "Validate the pool size in CI" });
  await page.goto(`${room}/do/review/publish`);
  await submit(page);
  check((await page.textContent(".problem")).includes("owner"), "publishing without an owner was not refused");
  await step(page, room, "action/edit", { action: "1", owner: "ana", due: "2099-01-01" });
  await step(page, room, "review/publish");
  await page.goto(room.replace("/incidents/", "/reviews/"));
  await hold(page, "10-review", how);
  await step(page, room, "action/done", { action: "1", outcome: "CI refuses it now" });
  await page.goto(room);
  check((await page.textContent("main")).toLowerCase().includes("closed"), "the incident did not close");
  await hold(page, "11-closed", how);
  for (const [name, path] of [["12-reviews", "/reviews"], ["13-people", "/people"], ["14-incidents", "/incidents"], ["15-now-quiet", "/"], ["16-nowhere", "/nowhere"]]) {
    await page.goto(origin + path);
    await hold(page, name, how);
  }
  await integrations(page, origin, how);
}

// A door for a sender: its key, a test that shows up, a body that nobody understands, and how a mapping would read it.
async function integrations(page, origin, how) {
  const name = `disks-${how.width}-${how.js ? "js" : "nojs"}`;
  await page.goto(`${origin}/settings/integrations`);
  if (!await page.isVisible("#add-name")) await page.click("summary:has-text('Add an integration')");
  await page.selectOption("#add-source", "generic");
  await fill(page, { name });
  await submit(page);
  check(/^[0-9a-f]{32}$/.test((await page.textContent("#new-key ~ .mono")).trim()), "the key is not shown");
  await hold(page, "17-integration-added", how);
  await submit(page, "form[action$='/test']");
  await page.goto(`${origin}/alerts`);
  check((await page.textContent("main")).includes(`Test from ${name}`), "the test is not among the alerts");
  const reply = await fetch(`${origin}/in/generic/${name}`, { method: "POST", body: JSON.stringify({ host: { id: "db1" }, what: "disk" }) });
  check(reply.status === 422, `a body without a title was answered ${reply.status}`);
  await page.goto(`${origin}/settings/integrations/${name}`);
  check((await page.textContent("main")).includes("1 not understood"), "what was not understood is not counted");
  await fill(page, { title: "{{what}} on {{host.id}}" });
  await Promise.all([page.waitForEvent("domcontentloaded"), page.click("[name=_preview]")]);
  check((await page.textContent("#mapping dd")).includes("disk on db1"), "the mapping as typed does not read the last body");
  await hold(page, "18-integration-mapping", how);
  await page.goto(`${origin}/settings/integrations`);
  await hold(page, "19-integrations", how);
}

// A second screen sees what the first one does, and keeps what was half typed.
async function live(page, context, room) {
  const second = await context.newPage();
  await second.goto(room);
  const draft = second.locator('textarea[name="text"]').first();
  await draft.fill("half a thou");
  await second.waitForFunction(() => document.querySelector("#live")?.textContent.startsWith("Live"));
  await step(page, room, "note/add", { text: "Seen on the other screen" });
  await second.waitForFunction(() => [...document.querySelectorAll("[data-live]")].some(e => e.textContent.includes("Seen on the other screen")), null, { timeout: 10000 });
  check(await draft.inputValue() === "half a thou", "the half-typed note was lost");
  await second.close();
}

async function walk(browser, { width, js, dark }) {
  const how = { width, js };
  const top = mkdtempSync(join(tmpdir(), "aplomb-browser-"));
  const server = await startServer(top);
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled: js, colorScheme: dark ? "dark" : "light", hasTouch: width < 600 });
  const page = await context.newPage();
  page.setDefaultTimeout(60000); // a busy machine is slow, not wrong
  const complaints = [];
  page.on("console", m => m.type() === "error" && !/status of 4\d\d/.test(m.text()) && complaints.push(m.text()));
  page.on("pageerror", e => complaints.push(e.message));
  try {
    await page.goto(server.welcome);
    await hold(page, "00-welcome", how);
    for (const [name, value] of [["login", "ana"], ["name", "Ana"], ["password", "correct horse battery"]])
      await page.fill(`[name="${name}"]`, value);
    await Promise.all([page.waitForEvent("domcontentloaded"), page.locator('main button:not([type=button])').last().click()]);
    await hold(page, "01-now-empty", how);
    await record({ page, origin: server.origin, fill, submit });
    const room = await declare(page, server.origin, how);
    await suspects({ page, room, how, hold, check });
    if (js) await live(page, context, room);
    await investigate(page, room, how);
    await mend(page, room, how);
    await review(page, server.origin, room, how);
    await desk({ page, context, origin: server.origin, how, hold, fill, submit, check });
    await services({ page, origin: server.origin, how, hold, fill, submit, check });
    await changes({ page, context, origin: server.origin, how, hold, fill, submit, check });
    check(!complaints.length, `the console says: ${complaints.slice(0, 3).join(" | ")}`);
  } catch (e) {
    await page.screenshot({ path: join(pictures, `failed-${width}-${js ? "js" : "nojs"}.png`), fullPage: true }).catch(() => {});
    throw e;
  } finally {
    await context.close();
    await stopServer(server.child);
    rmSync(top, { recursive: true, force: true });
  }
}

if (!browserPath) {
  console.log("skipped browser: no Chromium on this machine");
  process.exit(0);
}
mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({
  executablePath: browserPath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let failed = 0;
const only = process.argv[2]; // "360" or "nojs": some of the walks
for (const how of [{ width: 1280, js: true }, { width: 360, js: true, dark: true }, { width: 1280, js: false }, { width: 360, js: false }]) {
  if (only && !`${how.width} ${how.js ? "js" : "nojs"}`.split(" ").includes(only)) continue;
  const name = `browser ten steps at ${how.width} px ${how.js ? "with" : "without"} JavaScript`;
  try {
    await walk(browser, how);
    console.log(`ok ${name}`);
  } catch (e) {
    failed++;
    console.log(`not ok ${name}: ${e.message.split("\n")[0]}`);
    console.error(e);
  }
}
await browser.close();
process.exit(failed ? 1 : 0);
