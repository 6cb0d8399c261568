/* The editor of a letter: the visual editor over the HTML part, placeholders on a click, the letter as it looks while one types. */
import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Editor, Gapcursor, HardBreak, Heading, History, HorizontalRule,
  Italic, Link, ListItem, Menu, OrderedList, Paragraph, Strike, Table, TableCell, TableHeader, TableRow, Text, Underline,
} from "../django_prose_editor/editor.js";

const form = document.getElementById("editor");
const source = form.elements.html;
const part = document.querySelector(".html-part");
const chosen = () => form.elements.editor.value;

/* What the visual editor would lose is better edited as source; a placeholder of its own line becomes a paragraph. */
const extensions = () => [
  Document, Text, Paragraph, HardBreak, Heading.configure({ levels: [1, 2, 3] }), Bold, Italic, Underline, Strike,
  BulletList, OrderedList, ListItem, Blockquote, HorizontalRule, Link, Table, TableRow, TableHeader, TableCell,
  History, Dropcursor, Gapcursor, Menu,
];
let visual = null;
const leave = () => {
  visual?.destroy();
  visual = null;
};
const enter = () => {
  if (visual) return;
  const element = document.createElement("div");
  element.className = "prose-editor";
  source.before(element);
  element.append(source);
  visual = new Editor({
    element, extensions: extensions(), content: source.value, injectCSS: false,
    editorProps: { attributes: { role: "textbox", "aria-multiline": "true", "aria-label": source.labels[0].textContent.trim() } },
    onUpdate({ editor }) {
      source.value = editor.getHTML().replace(/(<\/(?:p|h\d|ul|ol|blockquote|table)>|<hr>)(?=<)/g, "$1\n");
      source.dispatchEvent(new Event("input", { bubbles: true }));
    },
    onDestroy() {
      element.before(source);
      element.remove();
    },
  });
};
const show = () => {
  part.hidden = chosen() === "text";
  if (chosen() === "visual") enter();
  else leave();
};
form.addEventListener("change", (event) => { if (event.target.name === "editor") show(); });

/* Placeholders: a click puts one where the cursor stood last. */
let last = form.elements.body;
form.addEventListener("focusin", (event) => { if (event.target.dataset.inserts || event.target.closest(".ProseMirror")) last = event.target; });
document.querySelectorAll("[data-insert]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const typed = button.dataset.insert;
    if (visual && last.closest(".ProseMirror")) {
      visual.chain().focus().insertContent({ type: "text", text: typed }).run();
      return;
    }
    last.setRangeText(typed, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
    last.focus();
  });
});

/* The letter as it looks: what is typed goes into a fresh frame, so that going back leads to the former page. */
const looks = document.querySelector("[data-looks]");
const frames = looks.querySelector(".looks-frames");
const wish = (name) => looks.querySelector(`[name="look-${name}"]:checked`).value;
let count = 0;
let waiting = 0;
const look = () => {
  const poster = document.createElement("form");
  poster.method = "post";
  poster.action = looks.dataset.looks;
  const values = new FormData(form);
  values.set("scheme", wish("scheme"));
  values.forEach((value, name) => {
    const input = document.createElement("textarea");
    input.name = name;
    input.value = value;
    poster.append(input);
  });
  const before = [...frames.children];
  const frame = frames.lastElementChild.cloneNode();
  frame.removeAttribute("src");
  frame.loading = "eager";
  count += 1;
  frame.name = poster.target = `look-${count}`;
  frame.classList.add("is-coming");
  frames.append(frame);
  frame.addEventListener("load", () => {
    frame.classList.remove("is-coming");
    before.forEach((each) => each.remove());
  }, { once: true });
  poster.hidden = true;
  document.body.append(poster);
  poster.submit();
  poster.remove();
};
const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 400);
};
form.addEventListener("input", soon);
document.getElementById("id_customer").addEventListener("input", soon);
looks.addEventListener("change", (event) => {
  if (event.target.name === "look-width") frames.dataset.width = event.target.value;
  if (event.target.name === "look-scheme") look();
});
looks.querySelector(".looks-bar").hidden = false;
frames.dataset.width = "phone";
show();
look();
