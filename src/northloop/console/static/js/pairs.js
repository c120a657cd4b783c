// Choosing between two answers by keys. The form is a plain form: without this it works by mouse and Tab.

import { plain, typing } from "./app.js";

const form = document.querySelector("[data-pair]");
const undo = document.querySelector("[data-undo]");
const skip = form?.querySelector("details.passing");
const choices = [...(form?.querySelectorAll("button[name=right]") ?? [])];
const reasons = [...(skip?.querySelectorAll("button") ?? [])];

document.addEventListener("keydown", (event) => {
  if (event.repeat || typing(event) || !plain(event)) return;
  const chosen = (skip?.open ? reasons : choices)[Number(event.key) - 1];
  if (chosen) form.requestSubmit(chosen);
  else if (event.key === "s" && skip) {
    skip.open = true;
    reasons[0].focus();
  } else if (event.key === "Escape" && skip?.open) skip.open = false;
  else if (event.key === "u" && undo) undo.requestSubmit();
  else return;
  event.preventDefault();
});

// A second press while the first is on its way would only be told that it came too late.
let sending = false;
for (const one of [form, undo]) {
  one?.addEventListener("submit", (event) => {
    if (sending) event.preventDefault();
    sending = true;
  });
}
addEventListener("pageshow", () => {
  sending = false;
});
