// Uploads with a bar. Without this script the form is posted as any other.

import { tell } from "./app.js";

const MB = 1_000_000;

function refuseTooLarge(form, files) {
  const bytes = [...files].reduce((sum, file) => sum + file.size, 0);
  const most = Number(form.dataset.largest);
  if (bytes <= most * MB) return false;
  tell(`These files have ${Math.ceil(bytes / MB)} MB together; at most ${most} MB come in at once. Choose fewer or smaller files.`);
  return true;
}

function send(form) {
  const way = form.querySelector(".upload-way");
  const bar = way.querySelector("progress");
  const said = way.querySelector("[role=status]");
  const button = form.querySelector("button.primary, .buttons button");
  const request = new XMLHttpRequest();
  const ended = () => { way.hidden = true; button.disabled = false; };
  way.hidden = false;
  button.disabled = true;
  said.textContent = "Uploading";
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = event.loaded / event.total;
    said.textContent = `${Math.round(event.loaded / MB)} of ${Math.round(event.total / MB)} MB`;
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    said.textContent = "All of it came. It is looked at.";
  });
  request.addEventListener("load", () => {
    if (request.status < 400) {
      location.assign(request.responseURL);
      return;
    }
    ended();
    document.getElementById("notices").innerHTML = request.responseText;
    document.getElementById("notices").scrollIntoView({ block: "center" });
  });
  request.addEventListener("error", () => { ended(); tell("The upload did not arrive. Nothing was kept; try again."); });
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(new FormData(form));
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!refuseTooLarge(form, form.querySelector("input[type=file]").files)) send(form);
  });
}
