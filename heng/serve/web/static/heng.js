// 页面上会动的 · What moves on a page: charts drawn from JSON, choices that submit their form, a cell's way by keyboard.
"use strict";
(() => {
  const charts = document.currentScript.dataset.charts;
  const INK = "#1f2937";
  const PALETTE = ["#1d4f91", "#c98a00", "#2f9e63", "#7a4fb5", "#c2410c", "#0e7490", "#6b7280", "#a21caf"];
  let loading = null;

  const library = () => {
    loading ||= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = charts;
      script.onload = () => done(window.echarts);
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  };

  // Words that an option may use for a function, since a page carries no script: see heng/serve/web/charts.py.
  const english = document.documentElement.lang === "en";
  const grouped = (n, digits) => Number(n).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const absent = (n) => n === null || n === undefined || n === "-" || Number.isNaN(Number(n));
  // As heng/serve/web/figures.py writes them.
  const SIZES = english ? [[1e6, 1e6, "million yuan"]] : [[1e8, 1e8, "亿元"], [1e5, 1e4, "万元"]];
  const sized = (n, digits) => {
    const [, size, unit] = SIZES.find(([from]) => Math.abs(n) >= from) || [0, 1, english ? "yuan" : "元"];
    return `${grouped(n / size, size > 1 ? digits(n / size) : Math.abs(n) < 100 && n % 1 ? 2 : 0)} ${unit}`;
  };
  const short = (n) => (Number.isInteger(n) ? 0 : 2);
  const FORMATS = {
    plain: (n) => (absent(n) ? "—" : grouped(n, n % 1 ? 2 : 0)),
    money: (n) => (absent(n) ? "—" : sized(n, () => 2)),
    percent: (n) => (absent(n) ? "—" : `${grouped(n * 100, 1)}%`),
  };
  const AXIS = {
    plain: (n) => grouped(n, short(n)),
    money: (n) => (english && Math.abs(n) >= 1e6 ? `${grouped(n / 1e6, short(n / 1e6))}m` : sized(n, short)),
    percent: (n) => `${grouped(n * 100, Number.isInteger(Math.round(n * 1e6) / 1e4) ? 0 : 1)}%`,
  };
  // What of a point is written: its value, what it tells of itself (the length of a bar that falls), or its third measure.
  const PICKED = { value: (p) => p.value, told: (p) => p.data.told ?? p.value, cell: (p) => p.value[2] };
  const spelt = (word) => {
    const [how, form] = String(word).split(":");
    if (!form) return FORMATS[how];
    if (how === "short") return AXIS[form];
    return PICKED[how] && ((point) => FORMATS[form](PICKED[how](point)) + (point.data.mark || ""));
  };
  const worded = (option) => {
    if (Array.isArray(option)) return option.map(worded);
    if (option && typeof option === "object") {
      return Object.fromEntries(Object.entries(option).map(([key, value]) => [key, (/ormatter$/.test(key) && spelt(value)) || worded(value)]));
    }
    return option;
  };

  // The wall is dark: ink becomes light, blue lighter, and figures larger.
  const LIGHT = { "#1f2937": "#f3f6fa", "#5b6675": "#b9c4d2", "#dfe4ea": "#44546a", "#edf0f3": "#26364c", "#1d4f91": "#6ea8fe", "#b42318": "#ff8a7a", "#c98a00": "#ffc94d" };
  const darkened = (option) => {
    if (Array.isArray(option)) return option.map(darkened);
    if (option && typeof option === "object") return Object.fromEntries(Object.entries(option).map(([key, value]) => [key, key === "fontSize" ? 18 : key === "barMaxWidth" ? 30 : key === "axisLabel" ? { fontSize: 18, ...darkened(value), ...(value.width ? { width: 190 } : {}) } : darkened(value)]));
    return LIGHT[option] || option;
  };

  const draw = async (figure) => {
    if (figure.dataset.drawn) return;
    figure.dataset.drawn = "1";
    const { table, ...option } = worded(JSON.parse(figure.querySelector("script").textContent));
    const echarts = await library();
    const dark = document.body.classList.contains("heng-dark");
    const place = document.createElement("div");
    place.className = "heng-drawing";
    figure.append(place);
    const chart = echarts.init(place, null, { renderer: "svg" });
    const font = getComputedStyle(document.body).fontFamily;
    // Decals are drawn where an option asks for one: what is negative is hatched, for who reads without colour.
    const aria = { enabled: true, label: { enabled: false }, decal: { show: true, decals: [{ symbol: "none" }] } };
    chart.setOption({ color: PALETTE, textStyle: { fontFamily: font, color: dark ? LIGHT[INK] : INK }, animation: false, aria, ...(dark ? darkened(option) : option), tooltip: { renderMode: "richText", confine: true, ...(option.tooltip || {}) } });
    chart.on("click", (point) => {
      const to = point.data && point.data.href;
      if (to) window.location.assign(to);
    });
    new ResizeObserver(() => chart.resize()).observe(place);
    figure.dataset.shown = "1";
  };
  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);

  const wake = (root) => {
    drawAll(root);
    root.querySelectorAll("[data-submit]").forEach((choice) => {
      choice.onchange = () => choice.form.requestSubmit();
    });
    root.querySelectorAll("[data-drop]").forEach((place) => {
      const over = (on) => place.classList.toggle("heng-drop-over", on);
      place.ondragover = (event) => { event.preventDefault(); over(true); };
      place.ondragleave = () => over(false);
      place.ondrop = (event) => {
        event.preventDefault();
        over(false);
        if (event.dataTransfer.files.length) place.querySelector("input[type=file]").files = event.dataTransfer.files;
      };
    });
    root.querySelectorAll("[data-print]").forEach((button) => {
      button.onclick = () => window.print();
    });
  };

  document.addEventListener("DOMContentLoaded", () => wake(document));
  document.addEventListener("htmx:load", (event) => wake(event.detail.elt));
  // A chart that leaves the page is put away, so that a page left open for weeks does not grow.
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    if (window.echarts && event.target.classList.contains("heng-drawing")) window.echarts.getInstanceByDom(event.target)?.dispose();
  });
  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest && event.target.closest(".heng-sheet");
    const free = !(event.ctrlKey || event.metaKey || event.altKey) && !event.target.isContentEditable;
    if (event.key === "/" && free && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      event.preventDefault();
      document.querySelector(".heng-search input")?.focus();
    } else if (cell && ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key) && event.target === cell) {
      cell.scrollBy({ left: { ArrowLeft: -120, ArrowRight: 120 }[event.key] || 0, top: { ArrowUp: -36, ArrowDown: 36 }[event.key] || 0 });
      event.preventDefault();
    }
  });
  // The program's own files are kept by the browser; data never (static/service-worker.js).
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js");
})();
