/* SPDX-License-Identifier: Apache-2.0 */
/* live: keeps [data-live] parts fresh, drafts safe, single keys at hand. */
"use strict";
(() => {
const d = document, all = (s, e = d) => [...e.querySelectorAll(s)], one = s => d.querySelector(s);
const safe = f => { try { return f(); } catch { return null; } }; // storage may be refused
const rule = { createHTML: s => s }, clean = window.trustedTypes?.createPolicy("live", rule) || rule;
const bare = e => e.innerHTML.replace(/name="_(idem|csrf)" value="[^"]*"/g, "");
const swap = e => all("time[title]", e).forEach(t => { [t.textContent, t.title] = [t.title, t.textContent]; });
const say = one("#live"), inc = d.body.dataset.incident, stops = "a,button,summary";
let utc, src, heard = Date.now(), lost = 0, busy, again, wait = 0, timer;

async function fresh() {
	if (busy) return again = true;
	busy = true; again = false;
	try {
		const r = await fetch(location.href, { headers: { Accept: "text/html" } });
		if (!r.ok || r.redirected) throw 0;
		const doc = new DOMParser().parseFromString(clean.createHTML(await r.text()), "text/html");
		if (utc) swap(doc);
		for (const old of all("[data-live]")) {
			const now = doc.querySelector(`[data-live="${old.dataset.live}"]`);
			if (!now || bare(now) === bare(old)) continue;
			const at = all(stops, old).indexOf(d.activeElement), open = all("details", old).map(x => x.open);
			old.replaceWith(now);
			all("details", now).forEach((x, i) => { x.open = !!open[i]; });
			all(stops, now)[at]?.focus({ preventScroll: true });
		}
		heard = Date.now(); lost = 0;
	} catch { lost ||= Date.now(); }
	busy = false;
	if (again) fresh();
}
function tell() {
	const s = Math.round((Date.now() - (lost || heard)) / 1e3), ago = s < 90 ? s + " s ago" : Math.round(s / 60) + " min ago";
	say.textContent = lost ? `Live updates lost ${ago}. You see ${new Date(heard).toTimeString().slice(0, 8)}.` : "Live, " + ago;
	say.className = lost ? "lost" : "";
}
function start() {
	clearTimeout(timer); src?.close();
	if (d.hidden) return;
	src = new EventSource("/events" + (inc ? "?incident=" + inc : ""));
	src.onopen = () => { wait = 0; fresh(); };
	const news = m => {
		const said = safe(() => JSON.parse(m.data).said), log = one("#said");
		if (said && log) log.textContent = said;
		fresh();
	};
	for (const n of ["event", "resync"]) src.addEventListener(n, news);
	src.onerror = () => {
		lost ||= Date.now(); src.close();
		timer = setTimeout(start, wait = Math.min(wait * 2 || 1e3, 15e3));
	};
}
if (say && one("[data-live]")) {
	start(); setInterval(tell, 1e3);
	d.addEventListener("visibilitychange", start);
}

const box = safe(() => sessionStorage);
for (const t of all("form textarea")) {
	const key = "draft " + t.form.getAttribute("action") + " " + t.name;
	t.value ||= safe(() => box.getItem(key)) || "";
	t.oninput = () => safe(() => box.setItem(key, t.value));
	t.form.addEventListener("submit", () => safe(() => box.removeItem(key)));
}

const off = () => safe(() => localStorage.keys) === "off";
for (const b of all("[data-open]")) { b.hidden = false; b.onclick = () => one("#" + b.dataset.open).showModal(); }
for (const b of all("[data-keys]")) {
	const label = () => { b.textContent = `Switch single keys ${off() ? "on" : "off"}`; };
	label();
	b.onclick = () => { safe(() => { localStorage.keys = off() ? "on" : "off"; }); label(); };
}
let first = "";
d.addEventListener("keydown", e => {
	const on = d.activeElement, k = e.key, field = "input,textarea,select";
	if (off() || e.ctrlKey || e.metaKey || e.altKey || one("dialog[open]")) return;
	if (on.matches(field)) return k === "Escape" && on.blur();
	const rows = all("[data-row]"), i = rows.indexOf(on), go = { j: 1, k: -1 }[k];
	const t = one(`[data-key="${CSS.escape(first + k)}"]`);
	first = k === "g" && !first ? "g " : "";
	if (k === "z") { utc = !utc; swap(d); }
	else if (go && rows[0]) rows[Math.min(Math.max(i + go, 0), rows.length - 1)].focus();
	else if (k === "Enter" && i >= 0) rows[i].querySelector("a")?.click();
	else if (t) t.matches(field) ? t.focus() : t.click();
	else return;
	e.preventDefault();
});
})();
