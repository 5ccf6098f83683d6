// Small comforts. Every page works without this file.
import { initAll } from "./vendor/govuk-frontend.min.js";
import "./copying.js";
import "./words.js";

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

// What takes a while says so: many photos travel and are cleaned before the next page comes.
for (const input of document.querySelectorAll("input[type=file][data-previews]")) {
  const note = document.createElement("p");
  note.className = "govuk-body";
  note.setAttribute("role", "status");
  input.after(note);
  input.form.addEventListener("submit", () => {
    const count = input.files.length;
    if (count) note.textContent = count === 1 ? "Sending and cleaning the photo …" : `Sending and cleaning ${count} photos …`;
  });
}

// Tick every box of a page at once.
for (const button of document.querySelectorAll("[data-tick-all]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    for (const box of document.getElementsByName(button.dataset.tickAll)) box.checked = true;
  });
}

// Print the page.
for (const button of document.querySelectorAll("[data-prints]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => print());
}

// What is being typed survives a session that ends: it stays in this tab until it is saved or somebody signs out.
const keeper = document.querySelector("[data-keep]");
if (keeper) {
  const key = `kept:${location.pathname}`;
  if (!keeper.value && sessionStorage.getItem(key)) {
    keeper.value = sessionStorage.getItem(key);
    keeper.dispatchEvent(new Event("input"));
  }
  keeper.addEventListener("input", () => sessionStorage.setItem(key, keeper.value));
} else if (document.querySelector("[data-saved]")) {
  sessionStorage.clear();
}
document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => sessionStorage.clear());

// On a phone the menu folds away behind one button.
const menu = document.querySelector(".sg-nav");
if (menu) {
  const button = menu.querySelector(".sg-menu");
  button.hidden = false;
  menu.classList.add("sg-nav--folds");
  button.addEventListener("click", () => {
    const open = menu.classList.toggle("sg-nav--open");
    button.setAttribute("aria-expanded", String(open));
  });
}

// What waits for work renews itself without the jump of a whole page, which comes once the work is done.
const renew = async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [now, then] = [page, document].map((one) => [...one.querySelectorAll("[data-renew]")]);
    if (now.length !== then.length) return location.reload();
    then.forEach((part, place) => part.innerHTML !== now[place].innerHTML && part.replaceChildren(...now[place].childNodes));
  }
  setTimeout(renew, 2000);
};
if (document.querySelector("[data-renew]")) setTimeout(renew, 2000);

// Show what is left of a photo while its edges are chosen.
for (const cut of document.querySelectorAll("[data-cut]")) {
  const drawing = cut.closest("section").querySelector(".sg-picture svg");
  const edge = (name) => Math.min(100, Math.max(0, Number(document.getElementById(`${cut.dataset.cut}-cut-${name}`).value) || 0)) / 100;
  const frame = document.createElementNS(drawing.namespaceURI, "rect");
  frame.setAttribute("class", "sg-cut");
  cut.addEventListener("input", () => {
    const { width, height } = drawing.viewBox.baseVal;
    frame.setAttribute("x", edge("left") * width);
    frame.setAttribute("y", edge("top") * height);
    frame.setAttribute("width", Math.max(0, 1 - edge("left") - edge("right")) * width);
    frame.setAttribute("height", Math.max(0, 1 - edge("top") - edge("bottom")) * height);
    drawing.append(frame);
  });
}

// A photo that stood before the approver's eyes for a moment was looked at; after the last one they may approve.
const looks = new Map();
const LOOK = 700;
const look = async (photo) => {
  const address = photo.dataset.seen;
  if (!address) return;
  delete photo.dataset.seen;
  const token = document.querySelector("input[name=csrf_token]").value;
  const headers = { "HX-Request": "true", "X-CSRFToken": token };
  const answer = await fetch(address, { method: "POST", headers }).catch(() => null);
  if (!answer?.ok) return (photo.dataset.seen = address);
  photo.closest("section").querySelector("[data-seen-note]").textContent = "✓ Seen by you";
  const left = document.querySelectorAll("[data-seen]").length;
  const note = document.querySelector("[data-unseen]");
  if (note) note.textContent = left ? `Look at each photo first: ${left} to go.` : "You have seen every photo.";
  if (!left) document.querySelectorAll("[data-when-seen]").forEach((form) => (form.hidden = false));
};
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(looks.get(target));
      if (!isIntersecting) continue;
      const shown = () => target.querySelector("img").decode().then(() => look(target)).catch(() => undefined);
      looks.set(target, setTimeout(shown, LOOK));
    }
  },
  { threshold: 0.6 },
);
document.querySelectorAll("[data-seen]").forEach((photo) => watcher.observe(photo));

// A number states how many people can be recognised in a photo. One tap says it, and the next photo comes.
const NOBODY = ["not_a_face", "not_recognisable"];
const counts = [...document.querySelectorAll("[data-count]")];
counts.forEach((count, place) => {
  const [input, said] = [count.querySelector("input"), count.querySelector(".sg-people__said")];
  const photo = count.closest("section");
  const next = () => counts[place + 1]?.closest("section") ?? document.querySelector(".sg-actions--sticky");
  const drawn = photo.querySelector("[name$=-draw-across]");
  const boxes = () => [...photo.querySelectorAll("select[data-face]")].filter((face) => !NOBODY.includes(face.value)).length + (drawn?.value ? 1 : 0);
  const say = () => {
    const [told, has] = [Number(input.value), boxes()];
    count.classList.toggle("sg-people--differs", input.value !== "" && told !== has);
    for (const button of row.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.textContent === input.value));
    if (input.value === "") said.textContent = "";
    else if (told > has) said.textContent = `You counted ${told}, and ${has} ${has === 1 ? "has" : "have"} a box. Tap the missing face in the photo.`;
    else if (told < has) said.textContent = `You counted ${told}, and ${has} ${has === 1 ? "is" : "are"} boxed. Say which is not a face, or whom nobody could recognise.`;
    else said.textContent = "✓ Each has a box.";
  };
  const row = count.querySelector(".sg-people__row");
  const first = boxes() - (boxes() % 10);
  for (let number = first; number < first + 10; number += 1) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = number;
    button.setAttribute("aria-label", `${number} in photo ${place + 1}`);
    button.addEventListener("click", () => {
      input.value = number;
      say();
      if (number === boxes()) next().scrollIntoView({ block: "start" });
    });
    input.before(button);
  }
  input.addEventListener("input", say);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // “Next” on a phone's keys: to the next photo, not away with the form
    (counts[place + 1]?.querySelector("input") ?? input).focus();
  });
  photo.addEventListener("change", say);
  if (input.value) say();
});

// A tap on a picture says where a missing face is.
for (const picture of document.querySelectorAll("[data-draw]")) {
  const field = (name) => document.getElementById(`${picture.dataset.draw}-draw-${name}`);
  const drawing = picture.querySelector("svg");
  picture.addEventListener("click", (event) => {
    const frame = drawing.getBoundingClientRect();
    const [across, down] = [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
    field("across").value = (across * 100).toFixed(1);
    field("down").value = (down * 100).toFixed(1);
    if (!field("size").value) field("size").value = "12";
    field("across").closest("details").open = true;
    mark();
  });
  const mark = () => {
    const { width, height } = drawing.viewBox.baseVal;
    const ring = drawing.querySelector("circle") ?? drawing.appendChild(document.createElementNS(drawing.namespaceURI, "circle"));
    ring.setAttribute("cx", (field("across").value / 100) * width);
    ring.setAttribute("cy", (field("down").value / 100) * height);
    ring.setAttribute("r", (field("size").value / 200) * height || 0);
  };
  for (const name of ["across", "down", "size"]) field(name)?.addEventListener("input", mark);
}
