// Reviewing by keys. The next answer lies in a template already, so it appears at once; the
// verdict travels meanwhile, and if it does not arrive the answer comes back with what was chosen.

import { plain, tell, typing } from "./app.js";

const now = document.getElementById("review-now");
const ahead = document.getElementById("review-next");
const none = document.getElementById("review-none");
const progress = document.getElementById("review-progress");
const done = [];
let sending = Promise.resolve();

const card = () => now.querySelector("form.review");
const reviewOf = (form) => form?.dataset.review ?? "";

// --- showing ------------------------------------------------------------------------------------

function show(content) {
  now.replaceChildren(...content);
  for (const button of now.querySelectorAll("[data-undo-last]")) button.disabled = !done.length;
  if (scrollY > 0) scrollTo(0, 0);
}

function showNext() {
  const next = ahead.content.firstElementChild ? ahead : none;
  show(next.content.cloneNode(true).children);
  ahead.content.replaceChildren();
}

function choose(kind) {
  const form = card();
  if (!form) return;
  const radio = form.querySelector(`input[value=${kind}]`);
  radio.checked = true;
  opened(form, kind);
}

function opened(form, kind) {
  if (kind === "correct") return;
  form.querySelector("[data-field=correction]").classList.add("open");
  form.querySelector("[data-field=reason]").classList.add("open");
}

function edit(field) {
  const label = card()?.querySelector(`[data-field=${field}]`);
  if (!label) return;
  label.classList.add("open");
  const input = label.querySelector("textarea, input");
  input.focus();
  // An incorrect answer is written anew; one that needs rephrasing is gone on from.
  const wrong = card().querySelector("input[value=incorrect]").checked;
  input.setSelectionRange(wrong ? 0 : input.value.length, input.value.length);
}

// --- sending ------------------------------------------------------------------------------------

async function post(url, data) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "HX-Request": "true" },
    body: new URLSearchParams(data),
  });
  const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok) throw new Error(parts.body.textContent.trim());
  return parts;
}

function take(parts) {
  progress.replaceChildren(...parts.querySelector("[data-part=progress]").childNodes);
  return parts.querySelector("[data-part=card]");
}

function submit(form, skip) {
  const data = new FormData(form);
  if (!skip && !data.get("kind")) {
    form.querySelector("input[name=kind]").focus();
    return;
  }
  if (skip) data.set("skip", "yes");
  const entry = { review: reviewOf(form), verdict: null };
  done.push(entry);
  showNext();
  data.set("shown", reviewOf(card()));
  sending = sending.then(() => send(form, data, entry));
}

async function send(form, data, entry) {
  try {
    const part = take(await post(form.action, data));
    entry.verdict = part.dataset.verdict;
    if (!card()) show([...part.children].length ? part.children : none.content.cloneNode(true).children);
    else if (part.firstElementChild && reviewOf(card()) !== reviewOf(part.firstElementChild)) ahead.content.replaceChildren(...part.children);
  } catch (problem) {
    done.splice(done.indexOf(entry), 1);
    if (card()) ahead.content.replaceChildren(card());
    show([form]);
    tell(problem.message || "The verdict did not arrive. The answer is back; try again.");
  }
}

async function undo() {
  await sending;
  const entry = done.pop();
  if (!entry) return;
  const url = now.dataset.undo.replace("VERDICT", entry.verdict);
  try {
    const part = take(await post(url, { token: now.dataset.token }));
    if (card()) ahead.content.replaceChildren(card());
    show(part.children);
  } catch (problem) {
    done.push(entry);
    tell(problem.message || "The verdict could not be taken back. Try again.");
  }
}

// --- listening ----------------------------------------------------------------------------------

const KINDS = { 1: "correct", 2: "incorrect", 3: "needs_rephrasing" };

document.addEventListener("keydown", (event) => {
  const form = card();
  if (event.key === "Enter" && form && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    submit(form, false);
    return;
  }
  if (typing(event) || !plain(event)) return;
  if (event.key in KINDS) choose(KINDS[event.key]);
  else if (event.key === "e") edit("correction");
  else if (event.key === "r") edit("reason");
  else if (event.key === "s" && form) submit(form, true);
  else if (event.key === "u") undo();
  else if (event.key === "Enter" && form && !event.target.closest("button, a, summary")) submit(form, false);
  else return;
  event.preventDefault();
});

now.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target, event.submitter?.name === "skip");
});
now.addEventListener("change", (event) => {
  if (event.target.name === "kind") opened(event.target.form, event.target.value);
});
now.addEventListener("click", (event) => {
  if (event.target.closest("[data-undo-last]")) undo();
});
now.addEventListener("mouseover", (event) => light(event.target.closest("mark")?.dataset.mark));

function light(mark) {
  for (const piece of now.querySelectorAll("mark")) {
    piece.classList.toggle("lit", mark !== undefined && piece.dataset.mark === mark);
  }
}
