// Reviewing by keys. The next answer is loaded already, so it appears at once; the verdict travels
// meanwhile, and if it does not arrive the answer comes back with what was chosen.

import { plain, tell, typing } from "./app.js";

const now = document.getElementById("review-now");
const wait = document.getElementById("review-wait");
const progress = document.getElementById("review-progress");
// The answers to be shown next, as they stand: one that was put aside keeps what was typed into it.
const next = [...document.getElementById("review-next").content.children];
// What was judged here, oldest first; its verdict is null until the server has it.
const done = [];
let sending = Promise.resolve();

const card = () => now.querySelector("form.review");
const reviewOf = (form) => form?.dataset.review ?? "";
const pending = () => done.filter((entry) => entry.verdict === null);
// What the server need not bring: it is on the screen, loaded, or judged and still on its way.
const known = () => [...[card(), ...next].filter(Boolean).map(reviewOf), ...pending().map((entry) => entry.review)];

// --- showing ------------------------------------------------------------------------------------

function show(content) {
  now.replaceChildren(...content);
  offerUndo();
  if (scrollY > 0) scrollTo(0, 0);
}

function offerUndo() {
  for (const button of now.querySelectorAll("[data-undo-last]")) button.disabled = !done.length;
}

function showNext() {
  show(next.length ? [next.shift()] : wait.content.cloneNode(true).children);
}

function showBefore(form) {
  if (card()) next.unshift(card());
  show([form]);
}

function touched(form) {
  const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea")];
  return form.contains(document.activeElement)
    || fields.some((field) => (field.type === "radio" ? field.checked : field.value !== field.defaultValue));
}

function choose(kind) {
  const form = card();
  if (!form) return;
  const radio = form.querySelector(`input[value=${kind}]`);
  radio.checked = true;
  opened(form, kind);
}

function opened(form, kind) {
  offer(form, kind !== "correct");
  if (kind === "correct") {
    dropTaken(form);
    return;
  }
  form.querySelector("[data-field=correction]").classList.add("open");
  form.querySelector("[data-field=reason]").classList.add("open");
  form.querySelector("[data-field=intent]").classList.add("open");
}

function edit(field) {
  const label = card()?.querySelector(`[data-field=${field}]`);
  if (!label) return;
  label.classList.add("open");
  const input = label.querySelector("textarea, input");
  input.focus();
  // An incorrect answer is written anew; one that needs rephrasing is gone on from.
  const wrong = card().querySelector("input[value=incorrect]").checked;
  if (!wrong && !input.value) input.value = input.dataset.answer ?? "";
  input.setSelectionRange(input.value.length, input.value.length);
}

// --- what a correction might say ----------------------------------------------------------------

const offered = () => card()?.querySelectorAll("[data-alternatives]:not([hidden]) button") ?? [];

// Not before the verdict: what might be said instead would tell what to think of what was said.
async function offer(form, wrong) {
  const place = form.querySelector("[data-alternatives]");
  place.hidden = !wrong;
  if (!wrong || place.dataset.asked) return;
  place.dataset.asked = "yes";
  try {
    const answer = await fetch(place.dataset.alternatives);
    if (!answer.ok) return;
    const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...parts.body.children);
    uncover(place);
  } catch {
    delete place.dataset.asked; // asked for again with the next press; the correction can be written
  }
}

// On a phone what is to be written covers most of the page. Whoever writes already is left alone.
function uncover(place) {
  if (document.activeElement.matches("textarea, input:not([type=radio])")) return;
  place.style.scrollMarginBottom = `${place.closest("form").querySelector(".review-judge").offsetHeight + 60}px`;
  place.scrollIntoView({ block: "nearest" });
}

function correct(button) {
  const input = card().querySelector("[data-field=correction] textarea");
  const own = input.value && ![input.dataset.answer, input.dataset.taken].includes(input.value);
  if (own) {
    tell("You have written something yourself. Empty the field first.");
  } else {
    input.value = button.dataset.correct;
    input.dataset.taken = input.value;
  }
  edit("correction");
}

// What was offered corrects nothing once the answer is found correct; own words stay to be seen.
function dropTaken(form) {
  const input = form.querySelector("[data-field=correction] textarea");
  if (input.value === input.dataset.taken) input.value = "";
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

const skipMenu = () => card()?.querySelector("details.passing");

function openSkips() {
  const menu = skipMenu();
  menu.open = true;
  menu.querySelector("button").focus();
}

function submit(form, skip) {
  const data = new FormData(form);
  if (!skip && !data.get("kind")) {
    form.querySelector("input[name=kind]").focus();
    return;
  }
  if (skip) data.set("skip", skip);
  const entry = { review: reviewOf(form), verdict: null };
  done.push(entry);
  showNext();
  sending = sending.then(() => send(form, data, entry));
}

async function send(form, data, entry) {
  // Known only now: while this one waited for its turn, others were shown and judged.
  for (const review of known()) data.append("shown", review);
  try {
    const part = take(await post(form.action, data));
    entry.verdict = part.dataset.verdict;
    arrive(part);
  } catch (problem) {
    done.splice(done.indexOf(entry), 1);
    comeBack(form, problem.message || "The verdict did not arrive.");
  }
}

function arrive(part) {
  const form = part.querySelector("form.review");
  if (form && known().includes(reviewOf(form))) return; // judged meanwhile: its own reply brings the next
  if (!card() && (form || !pending().length)) show(part.children);
  else if (form && !next.length) next.push(form);
}

function comeBack(form, problem) {
  // Whoever writes already is not interrupted: the next keys would go to another answer.
  const busy = card() && touched(card());
  if (busy) next.unshift(form);
  else showBefore(form);
  offerUndo();
  tell(`${problem} ${busy ? "That answer comes again after this one, with what you chose." : "The answer is back; try again."}`);
}

function undo() {
  const entry = done.findLast((one) => !one.leaving);
  if (!entry) return;
  entry.leaving = true;
  sending = sending.then(() => takeBack(entry));
}

async function takeBack(entry) {
  if (!done.includes(entry)) return; // refused meanwhile: its answer is back already
  const url = now.dataset.undo.replace("VERDICT", entry.verdict);
  try {
    const part = take(await post(url, { token: now.dataset.token }));
    done.splice(done.indexOf(entry), 1);
    showBefore(part.querySelector("form.review"));
  } catch (problem) {
    entry.leaving = false;
    tell(problem.message || "The verdict could not be taken back. Try again.");
  }
}

// --- listening ----------------------------------------------------------------------------------

const KINDS = { 1: "correct", 2: "incorrect", 3: "needs_rephrasing" };

document.addEventListener("keydown", (event) => {
  const form = card();
  if (event.key === "Enter" && form && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    submit(form, "");
    return;
  }
  if (typing(event) || !plain(event)) return;
  const reasons = skipMenu()?.open ? [...skipMenu().querySelectorAll("button")] : [];
  if (reasons[event.key - 1]) submit(form, reasons[event.key - 1].value);
  else if (event.key === "Escape" && reasons.length) skipMenu().open = false;
  else if (event.key in KINDS) choose(KINDS[event.key]);
  else if (offered()[event.key - 4]) correct(offered()[event.key - 4]);
  else if (event.key === "e") edit("correction");
  else if (event.key === "r") edit("reason");
  else if (event.key === "a") edit("intent");
  else if (event.key === "s" && form) openSkips();
  else if (event.key === "u") undo();
  else if (event.key === "Enter" && form && !event.target.closest("button, a, summary")) submit(form, "");
  else return;
  event.preventDefault();
});

now.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target, event.submitter?.name === "skip" ? event.submitter.value : "");
});
now.addEventListener("change", (event) => {
  if (event.target.name === "kind") opened(event.target.form, event.target.value);
});
now.addEventListener("click", (event) => {
  if (event.target.closest("[data-undo-last]")) undo();
  const taken = event.target.closest("[data-correct]");
  if (taken) correct(taken);
});
now.addEventListener("mouseover", (event) => light(event.target.closest("mark")?.dataset.mark));

function light(mark) {
  for (const piece of now.querySelectorAll("mark")) {
    piece.classList.toggle("lit", mark !== undefined && piece.dataset.mark === mark);
  }
}
