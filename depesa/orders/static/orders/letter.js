/* The window for a letter works without this file: it adds known addresses by a click, shows how far an upload is, and
   keeps the draft when the dialog closes. */
(() => {
  "use strict";
  const show = (within) => within.querySelectorAll("[data-adds]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-adds]");
    if (!button) return;
    const field = document.getElementById("letter_to");
    const here = field.value.split(/[,;]/).map((each) => each.trim()).filter(Boolean);
    if (!here.includes(button.dataset.adds)) field.value = [...here, button.dataset.adds].join(", ");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });

  const bar = () => document.querySelector(".letter-progress");
  document.addEventListener("htmx:xhr:progress", (event) => {
    if (!event.target.matches?.("#letter_files") || !bar()) return;
    bar().hidden = false;
    bar().value = event.detail.total ? (100 * event.detail.loaded) / event.detail.total : 0;
  });
  document.addEventListener("htmx:afterRequest", () => { if (bar()) bar().hidden = true; });

  let isTyped = false;
  document.addEventListener("input", (event) => { if (event.target.closest("[data-letter]")) isTyped = true; });

  /* Should the window be asked for twice, what was typed in it stays. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isTyped && event.detail.target?.id === "letter-host") event.detail.shouldSwap = false;
  });

  /* A dialog that closes keeps what was typed in it; "close" does not bubble, so it is caught on its way down. */
  document.addEventListener("close", (event) => {
    const kept = event.target.matches?.("#letter-dialog") && event.target.querySelector("#kept");
    if (kept && isTyped && window.htmx) window.htmx.trigger(kept, "keep");
    isTyped = false;
  }, true);

  document.addEventListener("htmx:load", (event) => show(event.detail.elt));
  show(document);
})();
