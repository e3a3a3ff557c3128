"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const views = new Map();

  // charts -----------------------------------------------------------------

  const NARROW = 560; // pixels: names on the left may take no more than a third

  async function draw(plot) {
    const spec = read(plot.dataset.spec);
    const isNarrow = plot.clientWidth < NARROW;
    spec.config.axisY = { ...spec.config.axisY, labelLimit: isNarrow ? plot.clientWidth * 0.34 : 230 };
    if (isNarrow) spec.config.axisX = { ...spec.config.axisX, tickCount: 4 };
    const result = await vegaEmbed(plot, spec, {
      actions: false,
      ast: true, // expressions are interpreted: the page allows no script made from text
      defaultStyle: false,
      renderer: "svg",
      tooltip: { disableDefaultStyle: true },
    });
    plot.querySelector("svg").setAttribute("aria-hidden", "true");
    views.set(plot.id, result.view);
    plot.dataset.drawn = "yes";
  }

  function setSignal(plot, name, value) {
    const view = views.get(plot);
    if (view) view.signal(name, value).runAsync();
  }

  function watchCharts() {
    for (const radio of document.querySelectorAll('input[name="copies"]')) {
      radio.addEventListener("change", () => setSignal("plot-coverage", "copies", radio.value === "with"));
    }
    const outlet = byId("network-outlet");
    if (!outlet) return;
    const names = new Set();
    for (const row of byId("sheet-copy-network").tBodies[0].rows) {
      names.add(row.cells[0].textContent).add(row.cells[1].textContent);
    }
    outlet.append(...[...names].sort().map((name) => make("option", { value: name, textContent: name })));
    outlet.addEventListener("change", () => setSignal("plot-network", "outlet", outlet.value));
    const least = byId("network-least");
    least.addEventListener("input", () => setSignal("plot-network", "least", Number(least.value) || 0));
    const proven = byId("network-proven");
    proven.addEventListener("change", () => setSignal("plot-network", "proven", proven.checked));
  }

  // tables -----------------------------------------------------------------

  const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/; // a spreadsheet would run such a cell

  function csvCell(cell) {
    let text = cell.dataset.raw ?? cell.textContent.trim();
    if (!cell.classList.contains("number") && FORMULA.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  function saveCsv(name) {
    const rows = [...byId(`sheet-${name}`).rows];
    const text = rows.map((row) => [...row.cells].map(csvCell).join(",")).join("\r\n") + "\r\n";
    const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
    make("a", { href: url, download: `${name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  function sortBy(button) {
    const heading = button.parentElement;
    const body = heading.closest("table").tBodies[0];
    const place = heading.cellIndex;
    const isDown = heading.getAttribute("aria-sort") === "descending";
    for (const other of heading.parentElement.cells) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", isDown ? "ascending" : "descending");
    const value = (row) => row.cells[place].dataset.raw ?? row.cells[place].textContent;
    const order = (a, b) => {
      const [one, two] = [value(a), value(b)];
      if (one === "" || two === "") return (one === "") - (two === ""); // what is unknown comes last
      const difference = one - two;
      const sign = Number.isNaN(difference) ? one.localeCompare(two) : difference;
      return isDown ? sign : -sign;
    };
    body.append(...[...body.rows].sort(order));
  }

  function filterRows(input) {
    const wanted = input.value.trim().toLowerCase();
    for (const row of byId(input.dataset.filter).tBodies[0].rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
    }
  }

  function watchTables() {
    for (const button of document.querySelectorAll(".save")) {
      button.addEventListener("click", () => saveCsv(button.dataset.sheet));
    }
    for (const button of document.querySelectorAll(".sort")) {
      button.addEventListener("click", () => sortBy(button));
    }
    for (const input of document.querySelectorAll("[data-filter]")) {
      input.addEventListener("input", () => filterRows(input));
    }
  }

  // side by side -----------------------------------------------------------

  const PAGE = 40; // articles listed at a time
  const sides = { articles: [], partners: [], found: [], listed: 0, chosen: -1, other: -1 };

  async function unpack(id) {
    const bytes = Uint8Array.from(atob(byId(id).textContent), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  function fillSides(data) {
    sides.articles = data.articles;
    sides.partners = data.articles.map(() => []);
    for (const [article, source, kind, isProven, words, share, sourceShare, agency, passages] of data.pairs) {
      const pair = { kind, isProven, words, agency, passages };
      sides.partners[article].push({ ...pair, other: source, share, isLater: true });
      sides.partners[source].push({ ...pair, other: article, share: sourceShare, isLater: false });
    }
    for (const found of sides.partners) found.sort((a, b) => b.words - a.words || a.other - b.other);
  }

  function filterSides() {
    const wanted = byId("sides-search").value.trim().toLowerCase();
    const kind = byId("sides-kind").value;
    const isShared = byId("sides-shared").checked;
    sides.found = sides.articles.map((_, place) => place).filter((place) => {
      const one = sides.articles[place];
      if (isShared && !sides.partners[place].length) return false;
      if (kind && one.kind !== kind) return false;
      return `${one.title} ${one.outlet}`.toLowerCase().includes(wanted);
    });
    sides.listed = 0;
    byId("sides-list").replaceChildren();
    byId("sides-count").textContent = `${sides.found.length} of ${sides.articles.length} articles`;
    listMore();
  }

  function listMore() {
    const next = sides.found.slice(sides.listed, sides.listed + PAGE);
    byId("sides-list").append(...next.map(listItem));
    sides.listed += next.length;
    byId("sides-more").hidden = sides.listed >= sides.found.length;
  }

  function listItem(place) {
    const one = sides.articles[place];
    const button = make("button", { type: "button" });
    button.dataset.place = place;
    button.append(
      make("b", { textContent: one.title }),
      make("small", { textContent: `${one.outlet} · ${one.published || "no date"} · ${one.kind}` }),
    );
    if (place === sides.chosen) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => choose(place));
    return make("li", {}, button);
  }

  function choose(place, other = -1) {
    sides.chosen = place;
    for (const button of byId("sides-list").querySelectorAll("button")) {
      if (Number(button.dataset.place) === place) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const found = sides.partners[place];
    const partner = found.find((one) => one.other === other) ?? found[0];
    byId("sides-view").replaceChildren(...(partner ? compare(place, partner) : [single(place)]));
  }

  function single(place) {
    const one = sides.articles[place];
    return make("div", { className: "alone" }, columnHead(one, "It shares no text with any other article."), column(one, [], "alone"));
  }

  function compare(place, partner) {
    const [one, other] = [sides.articles[place], sides.articles[partner.other]];
    const select = make("select");
    for (const found of sides.partners[place]) {
      const label = `${sides.articles[found.other].outlet}, ${found.words} words: ${shorten(sides.articles[found.other].title)}`;
      select.append(make("option", { value: found.other, textContent: label, selected: found === partner }));
    }
    select.addEventListener("change", () => {
      choose(place, Number(select.value));
      byId("sides-view").querySelector("select").focus();
    });
    const spans = partner.passages.map((found) => (partner.isLater ? found : [found[2], found[3], found[0], found[1], found[4]]));
    const left = spans.map(([start, end, , , same], number) => ({ start, end, same, number }));
    const right = spans.map(([, , start, end, same], number) => ({ start, end, same, number }));
    const columns = make(
      "div",
      { className: "columns" },
      columnHead(one, ""),
      column(one, left, "left"),
      columnHead(other, ""),
      column(other, right, "right"),
    );
    columns.addEventListener("click", follow);
    return [
      make("div", { className: "controls" }, make("label", {}, "Compare with ", select)),
      make("p", { className: "facts", textContent: verdict(one, other, partner) }),
      columns,
    ];
  }

  function verdict(one, other, partner) {
    const share = `${Math.round(partner.share * 100)} % of the words of ${one.outlet}'s article`;
    const shared = `${partner.words} words in common (${partner.kind}): ${share}.`;
    const [later, source] = partner.isLater ? [one, other] : [other, one];
    const order = partner.isProven
      ? `${source.outlet} was first: the times prove it.`
      : "Which of the two was first is not proven.";
    const agency = partner.agency ? ` Both carry ${partner.agency}'s text.` : "";
    return `${shared} ${order}${agency}`;
  }

  function columnHead(one, note) {
    const head = make("div", { className: "column-head" }, make("h3", { textContent: one.title }));
    const facts = [one.outlet, one.published.includes(":") ? `${one.published} UTC` : one.published || "no date", one.byline, `${one.words} words`];
    if (one.agencies.length) facts.push(`credits ${one.agencies.join(", ")}`);
    head.append(make("p", { textContent: facts.filter(Boolean).join(" · ") }));
    const places = make("p");
    if (one.link) places.append(make("a", { href: one.link, target: "_blank", rel: "noopener noreferrer", textContent: "Live page" }), " · ");
    else places.append(`${one.url} · `);
    places.append(`archived ${one.fetched} UTC`);
    if (one.archive) places.append(": ", make("code", { textContent: one.archive }));
    head.append(places);
    if (note) head.append(make("p", { textContent: note }));
    return head;
  }

  function column(one, passages, side) {
    const element = make("div", { className: "text", tabIndex: 0 });
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", `Text of ${one.outlet}, ${side}`);
    element.lang = "";
    const ordered = [...passages].sort((a, b) => a.start - b.start || b.end - a.end);
    let start = 0;
    for (const paragraph of one.text.split("\n\n")) {
      const end = start + paragraph.length;
      element.append(marked(one.text, start, end, ordered, side));
      start = end + 2;
    }
    return element;
  }

  function marked(text, start, end, passages, side) {
    const paragraph = make("p");
    let reached = start;
    for (const one of passages) {
      const from = Math.max(one.start, reached);
      const to = Math.min(one.end, end);
      if (from >= to) continue;
      paragraph.append(text.slice(reached, from));
      const other = side === "left" ? "right" : "left";
      const anchor = make("a", { href: `#${other}-${one.number}`, textContent: text.slice(from, to) });
      const mark = make("mark", { className: one.same < 100 ? "edited" : "" }, anchor);
      mark.dataset.passage = one.number;
      mark.dataset.side = side;
      paragraph.append(mark);
      reached = to;
    }
    paragraph.append(text.slice(reached, end));
    return paragraph;
  }

  function follow(event) {
    const mark = event.target.closest("mark");
    if (!mark) return;
    event.preventDefault();
    const columns = event.currentTarget;
    for (const lit of columns.querySelectorAll(".lit")) lit.classList.remove("lit");
    const same = columns.querySelectorAll(`[data-passage="${mark.dataset.passage}"]`);
    for (const one of same) one.classList.add("lit");
    const there = [...same].find((one) => one.dataset.side !== mark.dataset.side);
    if (!there) return;
    const box = there.closest(".text");
    box.scrollTop += there.getBoundingClientRect().top - box.getBoundingClientRect().top - 40;
    there.firstChild.focus();
  }

  // of the articles that took the most words from an earlier one, the one that changed something
  function firstToShow() {
    const rank = (place) => {
      const partner = sides.partners[place][0];
      return partner ? partner.words + (partner.isLater && partner.kind !== "exact" ? 1e6 : 0) : 0;
    };
    return sides.found.reduce((best, place) => (best === undefined || rank(place) > rank(best) ? place : best), undefined);
  }

  function shorten(text) {
    return text.length > 60 ? `${text.slice(0, 59)}…` : text;
  }

  function openAddress() {
    const id = decodeURIComponent(location.hash).match(/^#article=(\w+)$/)?.[1];
    const place = sides.articles.findIndex((one) => one.id === id);
    if (place < 0) return;
    choose(place);
    byId("sides").scrollIntoView();
    byId("sides-view").querySelector("select, .text")?.focus({ preventScroll: true });
  }

  async function startSides() {
    fillSides(await unpack("sides-data"));
    byId("sides-search").addEventListener("input", filterSides);
    byId("sides-kind").addEventListener("change", filterSides);
    byId("sides-shared").addEventListener("change", filterSides);
    byId("sides-more").addEventListener("click", listMore);
    if (!sides.partners.some((found) => found.length)) byId("sides-shared").checked = false;
    filterSides();
    const best = firstToShow();
    if (best !== undefined) choose(best);
    window.addEventListener("hashchange", openAddress);
    openAddress();
  }

  if (matchMedia("(max-width: 63.99rem)").matches) document.querySelector("nav details").open = false;
  watchTables();
  watchCharts();
  Promise.all([startSides(), ...[...document.querySelectorAll(".plot")].map(draw)]).then(() => {
    document.documentElement.dataset.ready = "yes";
  });
})();
