// Choosing between two answers by keys. The form is a plain form: without this it works by mouse and Tab.

import { plain, typing } from "./app.js";

const form = document.querySelector("[data-pair]");
const choices = [...(form?.querySelectorAll("button[name=right]") ?? [])];

document.addEventListener("keydown", (event) => {
  const chosen = choices[Number(event.key) - 1];
  if (!chosen || event.repeat || typing(event) || !plain(event)) return;
  event.preventDefault();
  form.requestSubmit(chosen);
});

// A second press while the first is on its way would only be told that it came too late.
form?.addEventListener("submit", (event) => {
  if (form.dataset.sending) event.preventDefault();
  form.dataset.sending = "yes";
});
addEventListener("pageshow", () => delete form?.dataset.sending);
