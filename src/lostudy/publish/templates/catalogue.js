(function () {
  "use strict";
  var STEP = 48;
  var data = JSON.parse(document.getElementById("data").textContent);
  var items = data.items, labels = data.labels;
  var list = document.getElementById("list"), more = document.getElementById("more");
  var count = document.getElementById("count"), said = document.getElementById("said");
  var fields = ["words", "kind", "question", "organisation"].map(function (id) {
    return document.getElementById(id);
  });
  var found = [], shown = 0;

  items.forEach(function (item) {
    item.text = item.text || "";
    item.search = [item.id, item.text, item.label, item.alt].join(" ").toLowerCase();
  });

  function fill(pattern, values) {
    return values.reduce(function (text, value) { return text.replace("{}", value); }, pattern);
  }

  function element(tag, attributes, content) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    [].concat(content || []).forEach(function (part) {
      made.appendChild(typeof part === "string" ? document.createTextNode(part) : part);
    });
    return made;
  }

  function fits(item) {
    var words = fields[0].value.trim().toLowerCase().split(/\s+/);
    return (!fields[1].value || item.kind === fields[1].value)
      && (!fields[2].value || (item.q || "-") === fields[2].value)
      && (!fields[3].value || item.org === fields[3].value)
      && words.every(function (word) { return item.search.indexOf(word) >= 0; });
  }

  function copier(label, text, item) {
    var button = element("button", { type: "button", "aria-label": label + ": " + item.id }, label);
    button.addEventListener("click", function () { copy(text, label + ": " + item.id); });
    return button;
  }

  function copy(text, label) {
    function done() { said.textContent = fill(labels.copied, [label]); }
    function byHand() {
      var area = element("textarea", { readonly: "", "aria-hidden": "true", class: "skip" });
      var before = document.activeElement;
      area.value = text;
      document.body.appendChild(area);
      area.select();
      document.execCommand("copy");
      document.body.removeChild(area);
      if (before) { before.focus(); }
      done();
    }
    window.lastCopied = text;
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done, byHand);
    } else {
      byHand();
    }
  }

  function row(name, value) {
    return [element("dt", {}, name), element("dd", {}, value)];
  }

  function pairs(values) {
    return Object.keys(values).map(function (key) { return key + ": " + values[key]; }).join(", ");
  }

  function trail(item) {
    var from = item.trail || {}, rows = [];
    var page = element("a", { href: from.notebook + "/index.html" + (item.kind === "figure" ? "#" + anchor(item) : "") }, from.notebook + ", " + from.cell);
    rows = rows.concat(row(labels.notebook, page));
    [["trail_parameters", "parameters"], ["method", "method"], ["unit", "unit"], ["condition", "condition"],
      ["trail_plan", "plan"], ["trail_evidence", "evidence"], ["trail_tables", "tables"], ["trail_code", "code"]]
      .forEach(function (each) {
        var value = from[each[1]];
        if (!value) { return; }
        var text = Array.isArray(value) ? value.join(", ") : typeof value === "object" ? pairs(value) : value;
        rows = rows.concat(row(labels[each[0]], text));
      });
    return element("details", {}, [element("summary", {}, labels.origin + ": " + item.id), element("dl", {}, rows)]);
  }

  function anchor(item) {
    return item.files.png.replace(/^.*\//, "").replace(/\.png$/, "");
  }

  function card(item) {
    var parts = [];
    if (item.kind === "figure") {
      parts.push(element("a", { href: item.files.svg }, element("img", { loading: "lazy", src: item.files.svg, alt: labels.open + ": " + item.text + ", " + (data.organisations[item.org] || item.org) })));
    }
    parts.push(element("h3", {}, item.kind === "figure" || item.kind === "table" ? item.text : item.label || item.id));
    if (item.kind !== "figure" && item.kind !== "table") {
      parts.push(element("p", { class: "value" }, item.text));
    }
    if (item.html) {
      var box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": item.text + " (" + item.id + ")" });
      box.innerHTML = item.html;
      parts.push(element("details", {}, [element("summary", {}, labels.show_table + ": " + item.id), box]));
    }
    var facts = [data.organisations[item.org] || item.org, item.n === undefined ? "" : "n\u00a0=\u00a0" + item.n].filter(Boolean);
    var meta = element("p", { class: "meta" }, facts.join(" · ") + " ");
    if (item.status) {
      meta.appendChild(element("span", { class: "status-" + item.state }, item.status));
    }
    meta.appendChild(element("br"));
    meta.appendChild(element("code", {}, item.id));
    parts.push(meta);
    var buttons = element("p", { class: "buttons" }, [
      copier(labels.copy_id, item.id, item),
      copier(labels.copy_token, "{{" + item.id + "}}", item),
      copier(labels.copy_citation, item.cite, item)
    ]);
    if (item.alt) {
      buttons.appendChild(copier(labels.copy_alt, item.alt, item));
    }
    parts.push(buttons);
    if (item.files) {
      var links = element("p", { class: "downloads" });
      Object.keys(item.files).forEach(function (ending) {
        links.appendChild(element("a", { href: item.files[ending], download: "", "aria-label": labels.download + " " + ending.toUpperCase() + ": " + item.id }, ending.toUpperCase()));
        links.appendChild(document.createTextNode(" "));
      });
      parts.push(links);
    }
    parts.push(trail(item));
    return element("li", { "data-id": item.id, tabindex: "-1" }, parts);
  }

  function show(focus) {
    var part = document.createDocumentFragment(), first = null;
    found.slice(shown, shown + STEP).forEach(function (item) {
      var made = card(item);
      first = first || made;
      part.appendChild(made);
    });
    list.appendChild(part);
    shown = Math.min(found.length, shown + STEP);
    more.hidden = shown >= found.length;
    count.textContent = found.length ? fill(labels.shown_of, [shown, found.length]) : labels.nothing_found;
    if (focus && first) { first.focus(); }
  }

  function filter() {
    found = items.filter(fits);
    shown = 0;
    list.textContent = "";
    show();
  }

  fields.forEach(function (field) { field.addEventListener("input", filter); });
  more.addEventListener("click", function () { show(true); });
  var form = document.getElementById("controls");
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { window.setTimeout(filter, 0); });
  filter();
})();
