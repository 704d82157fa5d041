// SPDX-License-Identifier: Apache-2.0
// The service catalogue in a browser: put in by its form, drawn, and a name that only alerts know asks to be owned. Part of
// run.mjs.

export async function services({ page, origin, how, hold, fill, submit, check }) {
  await page.goto(`${origin}/services`);
  await hold(page, "40-services-none", how);
  for (const fields of [
    { name: "shop", owner: "web-team", tier: "tier1", depends: "pay-api, mail-out", about: "What customers see." },
    { name: "pay-api", owner: "payments-team", tier: "tier1", depends: "ledger", links: "Board https://grafana.example/d/1",
      runbook: "https://wiki.example/payments" },
  ]) {
    await page.goto(`${origin}/services`);
    await Promise.all([page.waitForEvent("domcontentloaded"), page.click('main a[href^="/desk/do/service/set"]:has-text("Add")')]);
    await fill(page, fields);
    await submit(page);
    check(new URL(page.url()).pathname === "/services", `the form led to ${page.url()}: ${await page.textContent("main")}`);
  }
  await fetch(`${origin}/api/v2/alerts`, { method: "POST", body: JSON.stringify([
    { labels: { alertname: "QueueIsLong", service: "mail-out" } }, { labels: { alertname: "Slow", service: "pay-api" } }] ) });
  await page.goto(`${origin}/services`);
  await hold(page, "41-services", how);
  const nodes = await page.locator(".graph svg .node").allTextContents();
  check(nodes.length === 4 && nodes.some(n => n.includes("pay-api") && n.includes("1 firing")), `the picture has ${nodes.join(" | ")}`);
  const own = 'main a[href^="/desk/do/service/set?name=mail-out"]';
  await Promise.all([page.waitForEvent("domcontentloaded"), page.click(own)]);
  check(await page.inputValue("form.verb [name=name]") === "mail-out", "the name is not filled in");
  await fill(page, { owner: "core-team" });
  await hold(page, "42-service-form", how);
  await submit(page);
  check(await page.locator(own).count() === 0, "it still asks for an owner");
  const box = page.locator(".graph");
  const [inside, whole] = await box.evaluate(e => [e.clientWidth, e.scrollWidth]);
  check(how.width > 600 || whole > inside, `the picture of ${whole} px does not scroll in ${inside}`);
  if (how.js) { // an alert shows in the open picture by itself
    await page.waitForFunction(() => document.querySelector("#live")?.textContent.startsWith("Live"));
    await fetch(`${origin}/api/v2/alerts`, { method: "POST", body: JSON.stringify([{ labels: { alertname: "ShopIsSlow", service: "shop" } }]) });
    await page.waitForFunction(() => [...document.querySelectorAll(".graph svg .node")].some(n => /shop.*firing/s.test(n.textContent)), null, { timeout: 30000 });
  }
  await Promise.all([page.waitForEvent("domcontentloaded"), page.click('main table a[href="/services/pay-api"]')]);
  await hold(page, "43-service", how);
  const text = await page.textContent("main");
  for (const part of ["payments-team", "1 firing", "Open the runbook", "shop", "ledger"]) check(text.includes(part), `the page lacks ${part}`);
}
