// The playground's form: Enter asks, the newest words stay in sight, Stop ends an answer.

import { plain, typing } from "./app.js";

const form = document.getElementById("ask");
const question = document.getElementById("question");
const turns = document.getElementById("turns");
const stop = document.getElementById("stop");
let asked = "";

if (form) {
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!form.querySelector("button[type=submit]").disabled) form.requestSubmit();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || typing(event) || !plain(event)) return;
    event.preventDefault();
    question.focus();
  });

  form.addEventListener("htmx:before:request", () => {
    turns.querySelector(".hint")?.remove();
    document.getElementById("notices").replaceChildren();
    stop.hidden = false;
    asked = question.value;
    question.value = "";
  });
  form.addEventListener("htmx:response:error", () => (question.value ||= asked));
  form.addEventListener("htmx:error", () => (question.value ||= asked));
  form.addEventListener("htmx:sse:close", ended);
  form.addEventListener("htmx:finally:request", ended);
  stop.addEventListener("click", () => htmx.trigger(form, "htmx:abort"));

  form.addEventListener("htmx:after:swap", () => {
    turns.scrollTop = turns.scrollHeight;
    for (const body of turns.querySelectorAll("[aria-busy=true] [data-done]")) {
      body.closest("[aria-busy]").setAttribute("aria-busy", "false");
    }
  });

  turns.addEventListener("click", (event) => {
    const words = event.target.closest("[data-try]")?.dataset.try;
    if (!words) return;
    event.preventDefault();
    question.value = words;
    form.requestSubmit();
  });
  question.focus();
}

function ended() {
  stop.hidden = true;
}
