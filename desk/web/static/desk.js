// Keys, and telling a screen reader what changed. Every page works without this file.
"use strict";
(() => {
  const places = { q: "/", p: "/approvals", r: "/runs", h: "/health", l: "/lineage" };
  const root = new URL(document.querySelector("header .brand").href).pathname.replace(/\/$/, "");
  const dialog = document.getElementById("keys");
  const onBox = document.getElementById("keys-on");
  let pending = "";

  const kept = (value) => {
    try {
      if (value !== undefined) localStorage.setItem("keys", value);
      return localStorage.getItem("keys") !== "off";
    } catch {
      return onBox.checked;
    }
  };
  const open = () => { if (!dialog.open) dialog.showModal(); };

  onBox.checked = kept();
  onBox.addEventListener("change", () => kept(onBox.checked ? "on" : "off"));
  document.querySelectorAll("[data-open=keys]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", open);
  });

  const typing = (target) =>
    target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox])");

  const step = (by) => {
    const rows = [...document.querySelectorAll("a[data-row]")].filter((row) => row.offsetParent);
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const choose = (key) => {
    const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (!found) return false;
    if (found.tagName === "A") { found.click(); return true; }
    if (found.disabled) { announce("Not possible: " + (found.closest("form").querySelector(".refused, .off p")?.textContent ?? "")); return true; }
    found.checked = true;
    const form = found.closest("form");
    const asks = form.querySelector({ m: "select[name=severity]", r: "select[name=why]" }[key] ?? "button");
    (asks ?? form.querySelector("button")).focus();
    form.scrollIntoView({ block: "nearest" });
    announce(form.querySelector(`label[for="${CSS.escape(found.id)}"]`).firstChild.textContent.trim() + " chosen. Enter records it.");
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || dialog.open) return;
    if (event.key === "?") { event.preventDefault(); open(); return; }
    if (!kept()) return;
    if (pending === "g") {
      pending = "";
      if (places[event.key]) { event.preventDefault(); location.assign(root + places[event.key]); }
      return;
    }
    const act = {
      j: () => step(1),
      k: () => step(-1),
      g: () => { pending = "g"; setTimeout(() => { pending = ""; }, 1500); },
      "/": () => document.querySelector("[data-search]")?.focus(),
      n: () => (document.activeElement.closest("form")?.querySelector("textarea") ?? document.querySelector("form[data-keys] textarea:not([disabled])"))?.focus(),
    }[event.key];
    if (act) { event.preventDefault(); act(); return; }
    if (choose(event.key)) event.preventDefault();
  });

  const announcer = document.getElementById("announcer");
  const announce = (text) => { if (announcer.textContent !== text) announcer.textContent = text; };
  document.addEventListener("htmx:afterSettle", () => {
    const told = document.querySelector("main [data-announce]");
    if (told) announce(told.dataset.announce);
  });
  // The run has ended or waits: what stands around its progress has changed as well.
  let live = document.querySelector("#progress[hx-get]") !== null;
  document.addEventListener("htmx:afterSwap", () => {
    if (live && document.querySelector("#progress[data-settled]")) { live = false; location.reload(); }
  });

  // A page that follows a programme: its part is loaded again when something has happened.
  document.querySelectorAll("[data-events]").forEach((part) => {
    const source = new EventSource(part.dataset.events);
    source.addEventListener("changed", () => htmx.trigger(`#${part.dataset.follows}`, "changed"));
    source.addEventListener("ended", () => { source.close(); htmx.trigger(`#${part.dataset.follows}`, "changed"); });
  });
  // Files may be dropped anywhere on a page that takes them.
  const taking = document.querySelector("form[data-drop] input[type=file]:not(:disabled)");
  if (taking) {
    const over = (event, inside) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      taking.classList.toggle("over", inside);
    };
    document.addEventListener("dragover", (event) => over(event, true));
    document.addEventListener("dragleave", (event) => over(event, false));
    document.addEventListener("drop", (event) => {
      over(event, false);
      if (!event.dataTransfer?.files.length) return;
      taking.files = event.dataTransfer.files;
      announce(`${taking.files.length} files chosen.`);
    });
  }

  // Sent twice by a double click, a form counts once anyway; the second click need not wait for that.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "yes";
    event.target.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
