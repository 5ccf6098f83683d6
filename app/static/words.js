// Check words while somebody writes: underline what stands in the way, say why, and mend it with one tap.
// The text goes to our own server and nowhere else; every button also works without this file.

const PAUSE = 400;

function watch(form) {
  const fields = [...form.querySelectorAll("[data-live-check]")];
  const mirrors = new Map(fields.map((field) => [field, field.matches("textarea") ? mirror(field) : null]));
  let waiting;
  let asked = 0;

  const soon = (pause = PAUSE) => {
    clearTimeout(waiting);
    waiting = setTimeout(check, pause);
  };

  const check = async () => {
    const turn = ++asked;
    const answer = await ask(form, fields).catch(() => null);
    if (turn !== asked) return; // more was typed meanwhile
    if (!answer) return say(fields[0], notice("sg-said__why", "The words could not be checked just now. They are checked when you save."));
    for (const field of fields) {
      const told = answer.querySelector(`[data-for="${CSS.escape(field.name)}"]`);
      const children = told ? [...told.children] : [];
      const isClear = !children.length && field === fields[0] && field.value.trim();
      say(field, ...(isClear ? [notice("sg-clear", "✓ No names or personal data found in these words.")] : children));
      mirrors.get(field)?.mark(spansOf(field));
    }
  };

  for (const field of fields) {
    mirrors.get(field)?.mark(spansOf(field));
    field.addEventListener("input", () => soon());
  }
  form.addEventListener("change", (event) => {
    if (event.target.matches("[type=file], [name^=remove-]")) soon(0);
  });
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show-span]");
    const button = event.target.closest(".sg-mend");
    if (link) show(event, fieldOf(fields, link), link.closest("[data-start]"));
    if (button) mend(event, form, fieldOf(fields, button), button, soon);
  });
}

async function ask(form, fields) {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  for (const field of fields) body.set(field.name, field.value);
  for (const claim of form.querySelectorAll("input[name=not-a-pupil]")) body.append("not-a-pupil", claim.value);
  if (hasPhotos(form)) body.set("has_photos", "1");
  const answer = await fetch(fields[0].dataset.liveCheck, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function hasPhotos(form) {
  const isChosen = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  const isThere = [...form.querySelectorAll("[name^=remove-]")].some((box) => !box.checked);
  return isChosen || isThere || form.querySelector("input[name=kept], [data-has-photos]") !== null;
}

const placeOf = (field) => document.getElementById(field.dataset.liveResult);
const fieldOf = (fields, inside) => fields.find((field) => placeOf(field)?.contains(inside));

// A live region that says the same again would be read out again.
function say(field, ...children) {
  const place = placeOf(field);
  if (!place || children.map((child) => child.outerHTML).join("") === [...place.children].map((child) => child.outerHTML).join("")) return;
  const held = place.contains(document.activeElement);
  place.replaceChildren(...children);
  if (held) field.focus(); // the button that had the focus is gone
}

function notice(style, words) {
  const line = document.createElement("p");
  line.className = style;
  line.textContent = words;
  return line;
}

function spansOf(field) {
  return [...(placeOf(field)?.querySelectorAll("[data-start]") ?? [])].map((said) => ({
    start: Number(said.dataset.start),
    end: Number(said.dataset.end),
    severity: said.dataset.severity,
  }));
}

function show(event, field, said) {
  if (!field || !said) return;
  event.preventDefault();
  field.focus();
  field.setSelectionRange(Number(said.dataset.start), Number(said.dataset.end));
  field.scrollIntoView({ block: "center", behavior: "auto" });
}

function mend(event, form, field, button, soon) {
  if (!field) return;
  event.preventDefault();
  if (button.name === "claim") claim(form, button.value);
  else if (button.name === "unclaim") claims(form).filter((input) => input.value === button.value).forEach((input) => input.remove());
  else if (button.value === "photos") dropPhotos(form);
  else {
    field.focus();
    field.setRangeText(button.dataset.put, Number(button.dataset.from), Number(button.dataset.to), "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  soon(0);
}

const claims = (form) => [...form.querySelectorAll("input[name=not-a-pupil]")];

function claim(form, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "not-a-pupil", value });
  form.append(input);
}

function dropPhotos(form) {
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.value = "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  for (const box of form.querySelectorAll("[name^=remove-]")) box.checked = true;
  for (const kept of form.querySelectorAll("input[name=kept]")) kept.closest("li").remove();
}

// A textarea cannot underline a part of its text: a copy of the text lies behind it and does.
function mirror(field) {
  const frame = document.createElement("div");
  const back = document.createElement("div");
  frame.className = "sg-mirror";
  back.className = "sg-mirror__back";
  back.setAttribute("aria-hidden", "true");
  field.before(frame);
  frame.append(back, field);
  if (field.classList.contains("sg-short")) back.classList.add("sg-short");
  let text = field.value;
  let spans = [];

  const draw = () => {
    const pieces = [];
    let at = 0;
    for (const { start, end, severity } of [...spans].sort((one, other) => one.start - other.start)) {
      if (start < at || end > text.length) continue;
      const line = document.createElement("mark");
      line.className = `sg-mark-${severity}`;
      line.textContent = text.slice(start, end);
      pieces.push(text.slice(at, start), line);
      at = end;
    }
    back.replaceChildren(...pieces, `${text.slice(at)}\n`);
    back.scrollTop = field.scrollTop;
  };

  // Until the server has answered, what was underlined moves along with the text around it.
  field.addEventListener("input", () => {
    const fresh = field.value;
    const longest = Math.min(text.length, fresh.length);
    let same = 0;
    while (same < longest && text[same] === fresh[same]) same++;
    let tail = 0;
    while (tail < longest - same && text.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
    const moved = fresh.length - text.length;
    spans = spans.flatMap((span) => {
      if (span.end <= same) return [span];
      return span.start >= text.length - tail ? [{ ...span, start: span.start + moved, end: span.end + moved }] : [];
    });
    text = fresh;
    draw();
  });
  field.addEventListener("scroll", () => (back.scrollTop = field.scrollTop));
  draw();
  return {
    mark(found) {
      [text, spans] = [field.value, found];
      draw();
    },
  };
}

for (const form of new Set([...document.querySelectorAll("[data-live-check]")].map((field) => field.form))) watch(form);
