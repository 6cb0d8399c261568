/* Every page works without this file; it adds keys, marks across pages, the theme at once, and a guard for what was typed. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  root.classList.add("with-script");

  const remember = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
  };

  /* Theme and folded navigation: at once, and remembered for the server's next page. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-themes]")) return;
    event.preventDefault();
    const chosen = event.submitter;
    root.dataset.theme = chosen.value;
    fetch(event.target.action, { method: "POST", body: new FormData(event.target, chosen), redirect: "manual" });
    all("button", event.target).forEach((each) => each.setAttribute("aria-pressed", String(each === chosen)));
  });
  const fold = one("[data-fold]");
  if (fold) {
    fold.hidden = false;
    fold.setAttribute("aria-pressed", String(root.dataset.side === "narrow"));
    fold.addEventListener("click", () => {
      const side = root.dataset.side === "narrow" ? "wide" : "narrow";
      root.dataset.side = side;
      fold.setAttribute("aria-pressed", String(side === "narrow"));
      remember("side", side);
    });
  }

  /* Menus close on Escape and on a click elsewhere. */
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const opener = event.target.closest("[data-opens]");
    if (opener) open(opener.dataset.opens);
    if (event.target.matches("dialog[open]")) event.target.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details.menu[open]").forEach((menu) => {
      menu.open = false;
      one("summary", menu).focus();
    });
  });
  const open = (name) => {
    const dialog = document.getElementById(name);
    if (dialog && !dialog.open) dialog.showModal();
  };

  /* Palette: what is typed narrows the list; arrows walk it; Enter takes the first or searches. */
  const palette = one("#palette");
  if (palette) {
    const input = one("input", palette);
    const fit = () => all("a", palette).filter((link) => !link.parentElement.hidden);
    input.addEventListener("input", () => {
      const words = input.value.toLocaleLowerCase().split(/\s+/);
      all("[data-filtered] li", palette).forEach((item) => {
        const text = item.textContent.toLocaleLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
      });
    });
    palette.addEventListener("keydown", (event) => {
      const links = fit();
      const at = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const next = at + (event.key === "ArrowDown" ? 1 : -1);
        (links[next] ?? input).focus();
      } else if (event.key === "Enter" && document.activeElement === input && links.length) {
        event.preventDefault();
        links[0].click();
      }
    });
  }

  /* Rows: j and k walk, x marks, Enter opens the link that has the focus. */
  const rows = () => all("table.list tbody tr, .slips .slip, .mails > li").filter((row) => row.offsetParent !== null);
  const current = () => one(".is-current");
  const stand = (row) => {
    current()?.classList.remove("is-current");
    row.classList.add("is-current");
    (one("a.opens, .slip-subject a, a", row) ?? one("input", row))?.focus({ preventScroll: true });
  };
  const walk = (step) => {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(current());
    const next = list[at < 0 ? 0 : Math.min(Math.max(at + step, 0), list.length - 1)];
    stand(next);
    next.scrollIntoView({ block: "nearest" });
  };
  /* A mark brings the list anew: who walked it by keys stands where he stood. */
  let stood = -1;
  document.addEventListener("htmx:beforeSwap", () => { stood = rows().indexOf(current()); });
  document.addEventListener("htmx:afterSettle", () => {
    if (stood >= 0 && !current() && rows()[stood]) stand(rows()[stood]);
  });
  const press = (key) => {
    const within = current() && one(`[aria-keyshortcuts="${key}"]`, current());
    const target = within ?? all(`[aria-keyshortcuts="${key}"]`).find((each) => each.offsetParent !== null && !each.disabled);
    target?.click();
    return Boolean(target);
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("palette");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog")) return;
    if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "x") one('input[name="mark"]', current() ?? root)?.click();
    else if (event.key === "?") open("keys");
    else if (event.key === "/") {
      const search = one("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (!/^[a-z]$/.test(event.key) || !press(event.key)) return;
    if (event.key !== "/") event.preventDefault();
  });

  /* A list that opens its lines beside it: the opened one is the current one, and no longer new. */
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-opens-beside] a");
    if (!line || !window.htmx) return;
    all("[data-opens-beside] [aria-current]").forEach((each) => each.removeAttribute("aria-current"));
    line.setAttribute("aria-current", "true");
    line.closest("li")?.classList.remove("is-unread");
  });

  /* Forms: the first error has the focus; leaving with something typed asks first; a button is pressed once. */
  let typed = false;
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) typed = true; });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    typed = false;
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 5000); // an answer that is a file leaves the page as it is
  });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  /* Copies: a button with data-copy holds the text itself. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    navigator.clipboard?.writeText(button.dataset.copy).then(() => {
      button.classList.add("is-copied");
      setTimeout(() => button.classList.remove("is-copied"), 1500);
    });
  });

  const start = (within) => {
    all("[data-opens], [data-copy]", within).forEach((button) => { button.hidden = false; });
    one(".has-error input, .has-error select, .has-error textarea", within)?.focus();
  };
  // What a page asks by itself keeps no session awake.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.triggeringEvent) event.detail.headers["Depesa-Poll"] = "1";
  });
  document.addEventListener("htmx:load", (event) => start(event.detail.elt));
  start(document);
})();
