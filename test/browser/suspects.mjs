// SPDX-License-Identifier: Apache-2.0
// What changed before it began: a change that a person records is ranked by itself, and one click makes it the hypothesis.

const title = "Pool size 50 to 5";

export async function record({ page, origin, fill, submit }) {
  await page.goto(`${origin}/changes/new`);
  await fill(page, { title, service: "checkout", kind: "config" });
  await submit(page);
}

export async function suspects({ page, room, how, hold, check }) {
  const first = page.locator("#changed [id^=suspect-]").first();
  for (let looks = 0; looks < 40 && !(await first.count()); looks++) {
    await page.waitForTimeout(250); // the ranking follows soon after the commit
    await page.goto(room);
  }
  check((await first.textContent()).includes(title), "the war room does not show the change as a suspect");
  await first.locator("summary").click();
  await hold(page, "05-suspects", how);
  check((await first.locator("a:has-text('Undo')").getAttribute("href")).includes("do/mitigation/propose?"), "nothing proposes to undo it");
  await Promise.all([page.waitForEvent("domcontentloaded"), first.locator("button").click()]);
  const cause = await page.textContent("#hypothesis");
  check(cause.includes(`${title} set it off`) && cause.includes("the alert CheckoutLatency stops"), `one click made this the hypothesis: ${cause}`);
}
