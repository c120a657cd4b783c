// The desk by keys. Forms are plain forms: without this they work by mouse and Tab.

import { plain, typing } from "./app.js";

const desk = document.querySelector("[data-desk]");
const act = (name) => desk?.querySelector(`[data-act=${name}]`);

function open(name) {
  const details = act(name);
  if (!details) return;
  if (details.matches("details")) details.open = true;
  const field = details.querySelector("textarea");
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

// Opened by the mouse as by its key. A key's own toggle comes later, when somebody may have begun
// to write: it leaves what they have selected as it is.
for (const details of desk?.querySelectorAll("details[data-act]") ?? []) {
  details.addEventListener("toggle", () => {
    if (details.open && !document.activeElement.matches("textarea")) open(details.dataset.act);
  });
}

function step(by) {
  const links = [...document.querySelectorAll(".list td:first-child a")];
  const now = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, now + by))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("button.primary"));
    return;
  }
  if (typing(event) || !plain(event)) return;
  if (event.key === "s") act("send")?.requestSubmit();
  else if (event.key === "e") open("edit");
  else if (event.key === "w") open("write");
  else if (/^[1-3]$/.test(event.key)) act(`take-${event.key}`)?.querySelector("button")?.click();
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else return;
  event.preventDefault();
});

// A second press while the first is on its way would only be told that it came too late.
desk?.addEventListener("submit", (event) => {
  if (desk.dataset.sending) event.preventDefault();
  desk.dataset.sending = "yes";
});
addEventListener("pageshow", () => delete desk?.dataset.sending);
