// One tap copies a text that is on the page; without this file the link leads to a page with the text.
for (const link of document.querySelectorAll("[data-copies]")) {
  const source = document.getElementById(link.dataset.copies);
  const said = document.getElementById(`${link.dataset.copies}-copied`);
  link.addEventListener("click", async (event) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(source.content.textContent);
      said.textContent = "Copied. Paste it into your safeguarding system.";
    } catch {
      location.assign(link.href);
    }
  });
}
