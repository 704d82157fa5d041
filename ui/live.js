/* SPDX-License-Identifier: Apache-2.0 */
/* live: keeps [data-live] parts fresh, drafts safe, single keys at hand. */
"use strict";
{
const d = document, all = (s, e = d) => [...e.querySelectorAll(s)], one = (s, e = d) => e.querySelector(s);
const safe = f => { try { return f(); } catch {} }; // storage may fail
const rule = { createHTML: s => s }, clean = window.trustedTypes?.createPolicy("live", rule) || rule;
const bare = e => e.outerHTML.replace(/name="_(idem|csrf)" value="[^"]*"/g, "");
const mark = e => bare(e) + (e.form ? bare(e.form) : "");
const swap = e => all("time[title]", e).forEach(t => [t.textContent, t.title] = [t.title, t.textContent]);
const say = one("#live"), inc = d.body.dataset.incident, stops = "a,button,summary";
let time = Date.now, utc, src, heard = time(), lost, busy, again, wait, timer;

async function fresh() {
	if (busy) return again = 1;
	busy = 1; again = 0;
	const t = time();
	try {
		const r = await fetch(location);
		if (!r.ok || r.redirected) throw 0;
		const doc = new DOMParser().parseFromString(clean.createHTML(await r.text()), "text/html");
		if (utc) swap(doc);
		for (const old of all("[data-live]")) {
			const now = one(`[data-live=${old.dataset.live}]`, doc);
			if (!now || bare(now) == bare(old)) continue;
			const on = d.activeElement, at = old.contains(on) && mark(on), open = all("details", old).map(x => x.open);
			old.replaceWith(now);
			all("details", now).forEach((x, i) => x.open = open[i]);
			all(stops, now).find(x => mark(x) == at)?.focus({ preventScroll: true });
		}
		heard = time(); lost = 0;
	} catch { lost ||= time(); }
	setTimeout(() => { busy = 0; again && fresh(); }, Math.min(4 * (time() - t), 3e3)); // air in storms
}
function tell() {
	const s = (time() - (lost || heard)) / 1e3 | 0, ago = s < 90 ? s + " s ago" : (s / 60 | 0) + " min ago";
	say.textContent = lost ? `Live updates lost ${ago}. You see ${new Date(heard).toTimeString().slice(0, 8)}.` : "Live, " + ago;
	say.className = lost ? "lost" : "";
	lost || d.hidden || s < 60 || fresh(); // ages grow
}
function start() {
	clearTimeout(timer); src?.close();
	if (d.hidden) return;
	src = new EventSource("/events" + (inc ? "?incident=" + inc : ""));
	src.onopen = () => { wait = 0; fresh(); };
	for (const n of ["event", "resync", "desk"]) src.addEventListener(n, m => {
		const { said } = JSON.parse(m.data), log = one("#said");
		if (said && log) log.textContent = said;
		fresh();
	});
	src.onerror = () => {
		lost ||= time(); src.close();
		timer = setTimeout(start, wait = Math.min(wait * 2 || 1e3, 15e3));
	};
}
if (say && one("[data-live]")) {
	start(); setInterval(tell, 1e3);
	d.onvisibilitychange = start;
}

const box = safe(() => sessionStorage);
for (const t of all("form textarea")) {
	const key = "draft " + t.form.getAttribute("action") + " " + t.name;
	t.value ||= safe(() => box.getItem(key)) || "";
	t.oninput = () => safe(() => box.setItem(key, t.value));
	t.form.addEventListener("submit", () => safe(() => box.removeItem(key)));
}

const off = () => safe(() => localStorage.keys) === "off", other = () => off() ? "on" : "off";
for (const b of all("[data-open]")) { b.hidden = false; b.onclick = () => one("#" + b.dataset.open).showModal(); }
for (const b of all("[data-keys]")) {
	const label = () => { b.textContent = "Switch single keys " + other(); };
	label();
	b.onclick = () => { safe(() => { localStorage.keys = other(); }); label(); };
}
let first = "";
d.onkeydown = e => {
	const on = d.activeElement, k = e.key, field = "input,textarea,select";
	if (off() || e.ctrlKey || e.metaKey || e.altKey || one("dialog[open]")) return;
	if (on.matches(field)) return k === "Escape" && on.blur();
	const rows = all("[data-row]"), i = rows.indexOf(on), go = { j: 1, k: -1 }[k];
	const t = one(`[data-key="${CSS.escape(first + k)}"]`);
	first = k === "g" && !first ? "g " : "";
	if (k === "z") { utc = !utc; swap(d); }
	else if (go && rows[0]) rows[i + go]?.focus();
	else if (k === "Enter" && i >= 0) one("a", rows[i])?.click();
	else if (t) t.matches(field) ? t.focus() : t.click();
	else return;
	e.preventDefault();
};
}
