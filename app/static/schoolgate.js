// Small comforts. Every page works without this file.
import { initAll } from "./vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// Show the pictures that are about to be uploaded.
for (const input of document.querySelectorAll("input[type=file][data-previews]")) {
  const place = document.getElementById(input.dataset.previews);
  input.addEventListener("change", () => {
    place.replaceChildren(
      ...[...input.files].map((file) => {
        const picture = document.createElement("img");
        picture.src = URL.createObjectURL(file);
        picture.alt = file.name;
        const item = document.createElement("li");
        item.append(picture);
        return item;
      }),
    );
  });
}

// Check the words while somebody writes, shortly after the last key.
for (const area of document.querySelectorAll("[data-live-check]")) {
  const place = document.getElementById(area.dataset.liveResult);
  let waiting;
  area.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const body = new FormData(area.form);
      const answer = await fetch(area.dataset.liveCheck, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (answer.ok) place.innerHTML = await answer.text();
    }, 400);
  });
}
