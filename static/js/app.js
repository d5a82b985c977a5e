/* The portal's own script. Every page works without it; it never writes HTML, only text and attributes. */
(() => {
  "use strict";

  const lang = document.documentElement.lang || "fr";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* ---- focus on the errors ---- */
  function errors() {
    const summary = document.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  /* ---- menus ---- */
  function menus() {
    const toggle = document.querySelector("[data-toggle-nav]");
    const nav = toggle && document.getElementById(toggle.getAttribute("aria-controls"));
    if (nav) toggle.addEventListener("click", () => {
      const open = nav.classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", String(open));
    });
    document.addEventListener("click", (event) => {
      for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      for (const menu of all("details[data-menu][open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }

  /* ---- time left, from the server's clock ---- */
  function words(minutes) {
    const unit = (name, n) =>
      new Intl.NumberFormat(`${lang}-u-nu-latn`, { style: "unit", unit: name, unitDisplay: "long" }).format(n);
    const parts = [["day", Math.floor(minutes / 1440)], ["hour", Math.floor(minutes / 60) % 24], ["minute", minutes % 60]]
      .filter(([, n]) => n > 0).map(([name, n]) => unit(name, n));
    const joint = lang === "ar" ? " و" : " ";
    return (parts.length ? parts : [unit("minute", 0)]).join(joint);
  }

  function countdowns() {
    const started = performance.now();
    for (const element of all("[data-countdown]")) {
      const until = Date.parse(element.dataset.until), now = Date.parse(element.dataset.now);
      const text = element.querySelector("[data-countdown-text]");
      if (!text || Number.isNaN(until) || Number.isNaN(now)) continue;
      const tick = () => {
        const left = until - (now + performance.now() - started);
        if (left <= 0) {
          element.replaceChildren(element.dataset.ended);
          return;
        }
        const said = words(Math.floor(left / 60000));
        if (text.textContent !== said) text.textContent = said;
        setTimeout(tick, Math.min(left, (left % 60000) + 50));
      };
      setTimeout(tick, ((until - now) % 60000) + 50);
    }
  }

  /* ---- what a form holds, as text that can be kept and compared ---- */
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "version"]);

  function held(form) {
    const pairs = [];
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && !NOT_KEPT.has(name)) pairs.push([name, value]);
    }
    return JSON.stringify(pairs);
  }

  function fill(form, kept) {
    const given = new Map();
    for (const [name, value] of JSON.parse(kept)) given.set(name, [...(given.get(name) || []), value]);
    const rows = [...given.keys()].find((name) => name.endsWith("-TOTAL_FORMS"));
    if (rows) growFormset(form, rows.slice(0, -"-TOTAL_FORMS".length), Number(given.get(rows)[0]));
    for (const field of form.elements) {
      if (!field.name || NOT_KEPT.has(field.name) || ["file", "submit", "button", "hidden", "password"].includes(field.type)) continue;
      const values = given.get(field.name) || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length) field.value = values.shift();
    }
  }

  /* ---- a form that saves by itself: <form data-autosave="URL"> with components/autosave.html inside ---- */
  const WAIT = 1500, LONGEST_RETRY = 30000;

  function autosave(form) {
    const state = form.querySelector("[data-autosave-state]") || document.querySelector("[data-autosave-state]");
    const key = `unsaved:${location.pathname}:${form.id || form.dataset.autosave}`;
    const version = () => (form.elements.version ? form.elements.version.value : "");
    let saved = held(form), timer = 0, retry = 2000, busy = false, stopped = false;

    const say = (name, more = "") => {
      if (!state) return;
      state.dataset.state = name;
      state.textContent = `${state.dataset["text" + name[0].toUpperCase() + name.slice(1)] || ""}${more ? " " + more : ""}`;
    };
    const keep = (submitted = false) => {
      try { sessionStorage.setItem(key, JSON.stringify({ held: held(form), version: version(), submitted })); } catch { /* full or refused */ }
    };
    const forget = () => { try { sessionStorage.removeItem(key); } catch { /* refused */ } };
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
    const again = () => { later(retry); retry = Math.min(retry * 2, LONGEST_RETRY); };

    async function save() {
      const now = held(form);
      if (busy || stopped || now === saved) return;
      busy = true;
      say("saving");
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
      try {
        const answer = await fetch(form.dataset.autosave || form.action, {
          method: "POST", body, credentials: "same-origin", redirect: "manual",
          headers: { "X-Requested-With": "fetch", Accept: "application/json" },
        });
        const json = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
        if (answer.ok) {
          saved = now;
          retry = 2000;
          if (json.version !== undefined && form.elements.version) form.elements.version.value = json.version;
          for (const [id, text] of Object.entries(json.figures || {})) {
            const figure = id && document.getElementById(id);
            if (figure) figure.textContent = text;
          }
          say("saved", json.saved_at || new Intl.DateTimeFormat(lang + "-u-nu-latn", { hour: "2-digit", minute: "2-digit" }).format(new Date()));
          if (held(form) === saved) { forget(); } else { keep(); later(WAIT); }
        } else if (answer.status === 409) {
          stopped = true;
          say("conflict", json.message || "");
        } else if (answer.status === 400 || answer.status === 422) {
          say("invalid", json.message || "");
        } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
          say("session");
          again();
        } else {
          say("error");
          again();
        }
      } catch {
        say("error");
        again();
      } finally {
        busy = false;
      }
    }

    function restore() {
      let kept = null;
      try { kept = JSON.parse(sessionStorage.getItem(key)); } catch { /* refused */ }
      if (!kept) return;
      const unchanged = kept.version === version();
      if (kept.held === saved || (kept.submitted && !unchanged)) return forget();
      if (form.querySelector(".field-invalid")) return;
      if (unchanged) {
        fill(form, kept.held);
        say("restored");
        later(WAIT);
      } else {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn-plain";
        button.textContent = state ? state.dataset.textRestored : "↺";
        button.addEventListener("click", () => { fill(form, kept.held); button.remove(); });
        if (state) state.after(button);
      }
    }

    const changed = () => { keep(); later(WAIT); };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", () => { clearTimeout(timer); keep(true); });
    window.addEventListener("online", () => later(0));
    form.isDirty = () => held(form) !== saved;
    restore();
  }

  /* ---- rows of a formset ---- */
  function addRow(box) {
    const total = box.querySelector(`[name="${box.dataset.prefix}-TOTAL_FORMS"]`);
    const most = box.querySelector(`[name="${box.dataset.prefix}-MAX_NUM_FORMS"]`);
    const index = Number(total.value);
    if (most && index >= Number(most.value)) return null;
    const row = box.querySelector("[data-formset-template]").content.firstElementChild.cloneNode(true);
    for (const element of all("*", row)) {
      for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
        const value = element.getAttribute(name);
        if (value && value.includes("__prefix__")) element.setAttribute(name, value.replaceAll("__prefix__", index));
      }
    }
    const number = row.querySelector("[data-formset-number]");
    if (number) number.textContent = String(index + 1);
    box.querySelector("[data-formset-rows]").append(row);
    total.value = String(index + 1);
    return row;
  }

  function growFormset(form, prefix, rows) {
    const box = form.querySelector(`[data-formset][data-prefix="${prefix}"]`);
    while (box && box.querySelectorAll("[data-formset-rows] > [data-formset-row]").length < rows) if (!addRow(box)) break;
  }

  function formset(box) {
    const said = box.querySelector("[data-formset-said]");
    const button = box.querySelector("[data-formset-add]");
    if (button) button.addEventListener("click", () => {
      const row = addRow(box);
      if (!row) { button.disabled = true; return; }
      const first = row.querySelector("input:not([type=hidden]), select, textarea");
      if (first) first.focus();
      if (said) said.textContent = said.dataset.textAdded;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    box.addEventListener("change", (event) => {
      const removed = event.target.closest("[data-formset-delete]");
      if (!removed) return;
      event.target.closest("[data-formset-row]").classList.toggle("is-removed", event.target.checked);
      if (said && event.target.checked) said.textContent = said.dataset.textRemoved;
    });
    for (const checked of all("[data-formset-delete] :checked", box)) checked.closest("[data-formset-row]").classList.add("is-removed");
  }

  /* ---- one click, one act ---- */
  function guard() {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      for (const button of all("button[type=submit], button:not([type])", form)) button.setAttribute("aria-disabled", "true");
      setTimeout(() => release(form), 8000);
    });
    window.addEventListener("pageshow", () => { for (const form of all("form[data-sent]")) release(form); });
  }

  function release(form) {
    delete form.dataset.sent;
    for (const button of all("button[aria-disabled]", form)) button.removeAttribute("aria-disabled");
  }

  /* ---- leaving with unsaved text by the language button; leaving the account ---- */
  function leaving() {
    const forms = all("form[method=post]").filter((form) => !form.closest("header"));
    const first = new Map(forms.map((form) => [form, held(form)]));
    const dirty = () => forms.some((form) => (form.isDirty ? form.isDirty() : held(form) !== first.get(form)));
    for (const form of all("form[data-language-switch]")) {
      form.addEventListener("submit", (event) => {
        if (dirty() && !window.confirm(form.dataset.warning)) event.preventDefault();
      });
    }
    for (const form of all("form[data-sign-out]")) {
      form.addEventListener("submit", () => { try { sessionStorage.clear(); } catch { /* refused */ } });
    }
  }

  errors();
  menus();
  countdowns();
  for (const box of all("[data-formset]")) formset(box);
  leaving();
  for (const form of all("form[data-autosave]")) autosave(form);
  guard();
})();
