// SPDX-License-Identifier: Apache-2.0
// Changes in a browser: a deploy shows on the open screen by itself, the newest end of the strip is in sight on a phone, one is
// recorded by hand, and a mitigation's form says whether its service was ever taken back. Part of run.mjs.

const ago = minutes => new Date(Date.now() - minutes * 60000).toISOString();

async function record({ page, origin, fill, submit, check }, fields) {
  await page.goto(`${origin}/changes/new`);
  await fill(page, fields);
  await submit(page);
  check(/\/changes\/\d+$/.test(page.url()), `recording a change led to ${page.url()}`);
  return page.url();
}

async function strip({ page, how, check }) {
  const seen = await page.evaluate(() => {
    const box = document.querySelector(".strip-box"), at = box.getBoundingClientRect();
    const texts = [...box.querySelectorAll("svg text")].filter(t => t.getClientRects().length && t.matches(".in, .out"));
    const places = texts.map(t => [t.textContent, t.getBoundingClientRect()]);
    const over = places.flatMap(([a, p], i) => places.slice(i + 1)
      .filter(([, q]) => p.left < q.right && q.left < p.right && p.top + 3 < q.bottom && q.top + 3 < p.bottom).map(([b]) => `${a} / ${b}`));
    const now = box.querySelector(".now").getBoundingClientRect();
    return { over, inSight: now.left >= at.left && now.right <= at.right + 1, wide: box.scrollWidth > box.clientWidth };
  });
  check(!seen.over.length, `words of the strip overlap: ${seen.over.slice(0, 3).join(", ")}`);
  check(seen.inSight, "now is out of sight");
  check(seen.wide === how.width < 600, `the strip ${seen.wide ? "scrolls" : "does not scroll"} at ${how.width} px`);
}

async function arrives({ context, page, origin, fill, submit, check }) {
  const open = await context.newPage();
  await open.goto(`${origin}/changes`);
  await open.evaluate(() => { window.loadedOnce = true; });
  await open.waitForFunction(() => document.querySelector("#live")?.textContent.startsWith("Live"));
  await record({ page, origin, fill, submit, check }, { title: "web v7", service: "web" });
  await open.waitForFunction(() => document.querySelector("section[data-live=changes]").textContent.includes("web v7") &&
    document.querySelector(".strip-box").textContent.includes("web v7"), null, { timeout: 30000 });
  check(await open.evaluate(() => window.loadedOnce), "the page was loaded anew");
  await open.close();
}

export async function changes(walk) {
  const { page, origin, how, hold, fill, submit, check } = walk;
  await page.goto(`${origin}/changes`);
  await hold(page, "30-changes-none", how);
  await page.goto(`${origin}/changes/new`);
  await hold(page, "31-change-form", how);
  await record(walk, { title: "checkout v142", service: "checkout", kind: "deploy", began: ago(62), ended: ago(55), link: "https://ci.example/142", undo: "deploy checkout v141" });
  await record(walk, { title: "Pool size 50 to 5", service: "db", kind: "config", began: ago(44), ended: ago(44), differs: "db.pool 50 -> 5" });
  await record(walk, { title: "Flag new-checkout on for 10 %", service: "checkout", kind: "flag", began: ago(43), ended: ago(43) });
  await record(walk, { title: "search v33", service: "search", state: "failed", began: ago(20), ended: ago(17) });
  await record(walk, { title: "mail v9", service: "mail", state: "undone", began: ago(12), ended: ago(9) });
  await record(walk, { title: "checkout v143", service: "checkout", state: "running", began: ago(2), key: "v143" });
  await page.goto(`${origin}/changes`);
  await hold(page, "32-changes", how);
  await strip(walk);
  await Promise.all([page.waitForEvent("domcontentloaded"), page.locator("table.changes a:has-text('mail v9')").click()]);
  check((await page.textContent("main")).includes("Rolling mail back was last proven"), "the page does not say that mail was taken back");
  await hold(page, "33-change", how);
  await page.goto(`${origin}/changes?since=24h&service=checkout&kind=flag`);
  check(await page.locator("table.changes tbody tr").count() === 1, "the filter shows something else");
  await hold(page, "34-changes-filtered", how);
  await page.goto(`${origin}/declare`);
  await fill(page, { title: "Letters do not leave", severity: "sev3", services: "mail, fax" });
  await submit(page);
  await page.goto(`${page.url()}/do/mitigation/propose`);
  const said = await page.textContent("main");
  check(said.includes("Rolling mail back was last proven") && said.includes("Nobody has rolled fax back"), "the form does not say how ready its services are");
  await hold(page, "35-mitigation-readiness", how);
  if (how.js) await arrives(walk);
}
