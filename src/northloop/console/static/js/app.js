// What every page has: theme, palette, keys, copying. Pages work without it, only slower.

const root = document.documentElement;
const byId = (id) => document.getElementById(id);

// --- theme: light, dark, or as the system (no cookie) ---------------------------------------

const THEMES = ["", "light", "dark"];
const THEME_WORDS = { "": "as the system", light: "light", dark: "dark" };

function setTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  const year = 365 * 86400;
  const path = document.body.dataset.root;
  document.cookie = `northloop_theme=${theme}; path=${path}; max-age=${theme ? year : 0}; samesite=strict`;
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.title = `Theme: ${THEME_WORDS[theme]}`;
    button.setAttribute("aria-label", button.title);
  }
  document.dispatchEvent(new CustomEvent("northloop:theme"));
}

function nextTheme() {
  const now = THEMES.indexOf(root.dataset.theme ?? "");
  setTheme(THEMES[(now + 1) % THEMES.length]);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  document.dispatchEvent(new CustomEvent("northloop:theme")));

// --- palette ----------------------------------------------------------------------------------

const palette = byId("palette");
const words = byId("palette-words");
const list = byId("palette-list");

async function openPalette() {
  if (palette.open) return;
  palette.showModal();
  words.value = "";
  words.focus();
  if (!list.childElementCount) {
    const answer = await fetch(palette.dataset.from, { headers: { "HX-Request": "true" } });
    if (answer.ok) list.innerHTML = await answer.text();
  }
  filterPalette();
}

const entries = () => [...list.querySelectorAll("a")];
const shown = () => entries().filter((a) => !a.parentElement.hidden);

function filterPalette() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const entry of entries()) {
    const text = entry.textContent.toLowerCase();
    entry.parentElement.hidden = !wanted.every((word) => text.includes(word));
  }
  const phrase = words.value.trim().toLowerCase();
  choose(Math.max(0, shown().findIndex((entry) => entry.textContent.trim().toLowerCase().startsWith(phrase))));
  palette.querySelector(".palette-none").hidden = shown().length > 0 || !entries().length;
}

function choose(place) {
  const all = shown();
  for (const entry of entries()) entry.classList.remove("chosen");
  const entry = all[Math.max(0, Math.min(place, all.length - 1))];
  entry?.classList.add("chosen");
  entry?.scrollIntoView({ block: "nearest" });
}

words.addEventListener("input", filterPalette);
words.addEventListener("keydown", (event) => {
  const now = shown().findIndex((entry) => entry.classList.contains("chosen"));
  if (event.key === "ArrowDown") choose(now + 1);
  else if (event.key === "ArrowUp") choose(now - 1);
  else if (event.key === "Enter") shown()[now]?.click();
  else return;
  event.preventDefault();
});

// --- keys ---------------------------------------------------------------------------------------

const PAGES = { h: "home", o: "objective", d: "data", k: "documents", t: "training", r: "releases", p: "playground", a: "answers", e: "desk", v: "review", l: "loop", s: "lessons", w: "alerts" };
let going = -Infinity;

export function typing(event) {
  return event.target.closest?.("input:not([type=radio]), textarea, select, [contenteditable]") !== null;
}

export function plain(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !document.querySelector("dialog[open]");
}

function go(key) {
  if (!(key in PAGES)) return;
  const href = document.querySelector(`.rail a:nth-of-type(${Object.keys(PAGES).indexOf(key) + 1})`)?.href;
  if (href) location.assign(href);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  } else if (event.key === "Escape" && typing(event) && !document.querySelector("dialog[open]")) {
    event.target.blur();
  } else if (typing(event) || !plain(event)) {
    return;
  } else if (event.key === "?") {
    byId("keys").showModal();
  } else if (event.key === "g") {
    going = event.timeStamp;
  } else if (event.timeStamp - going < 1200) {
    going = -Infinity;
    event.stopImmediatePropagation();
    go(event.key);
  }
}, { capture: true });

// --- clicks -------------------------------------------------------------------------------------

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1500);
}

document.addEventListener("click", (event) => {
  const copied = event.target.closest("[data-copy]");
  if (copied) copy(copied);
  else if (event.target.closest("[data-open=palette]")) {
    event.preventDefault();
    openPalette();
  }
  else if (event.target.closest("[data-theme-toggle]")) nextTheme();
  else if (event.target.matches?.("dialog")) event.target.close();
});

// --- notes are said once: a reload must not repeat them --------------------------------------------

const here = new URL(location.href);
if (here.searchParams.has("note")) {
  here.searchParams.delete("note");
  history.replaceState(null, "", here);
}

// --- a request that did not arrive ------------------------------------------------------------------

export function tell(text) {
  const note = document.createElement("p");
  note.className = "notice bad";
  note.textContent = text;
  byId("notices").replaceChildren(note);
}

document.addEventListener("htmx:error", (event) => {
  if (event.detail?.error?.name === "AbortError") return;
  tell("The server did not answer. Nothing you wrote is lost; try again in a moment.");
});
