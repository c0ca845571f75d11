// The what-if page of a plan in a real Chromium: accessibility, markup, and that a moved slider is answered at once, and rightly.
// Settings: WIJKPEILING_PLAN, CHROMIUM.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import { findMistakes, launch } from "./chromium.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const file = path.resolve(here, process.env.WIJKPEILING_PLAN || "pages/plan/index.html");
const DESK = { width: 1280, height: 800 };
const phone = (width) => ({ width, height: 740, isMobile: true, hasTouch: true });
// of a slider that is moved until the next picture may be drawn
const MOST_MS = 50;

let browser;
let page;

async function open(viewport, { scheme = "light", media = "screen" } = {}) {
  await page.setViewport(viewport);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  // the features would put it back
  await page.emulateMediaType(media);
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
}

before(async () => {
  assert.ok(existsSync(file), `No page at ${file}: run make test-browser`);
  browser = await launch();
});
after(() => browser?.close());
beforeEach(async () => (page = await browser.newPage()));
afterEach(() => page?.close());

for (const [name, viewport] of [["desk", DESK], ["phone", phone(375)]])
  for (const scheme of ["light", "dark"])
    test(`axe-core finds nothing on the plan, ${name}, ${scheme}`, async () => {
      await open(viewport, { scheme });
      await page.evaluate(axe.source);
      const { violations, passes } = await page.evaluate(() => axe.run());
      assert.ok(passes.length > 0, "axe-core checked nothing");
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 120)]), []);
    });

test("the W3C's checker finds no error in the plan", () => assert.equal(findMistakes([file]), ""));

for (const width of [320, 375])
  test(`nothing of the plan scrolls sideways at ${width} px`, async () => {
    await open(phone(width));
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
  });

test("every step of every slider shows what stands in the grid, within 50 ms", async (t) => {
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await open(DESK);
  const seen = await page.evaluate(() => {
    const sliders = [...document.querySelectorAll("input[type=range]")];
    const shown = (id) => document.getElementById(id).textContent;
    const rows = [];
    for (const moved of sliders)
      for (let step = 0; step <= Number(moved.max); step++) {
        moved.value = step;
        const start = performance.now();
        moved.dispatchEvent(new Event("input", { bubbles: true }));
        // layout is part of the answer
        document.body.getBoundingClientRect();
        rows.push({
          ms: performance.now() - start,
          at: Object.fromEntries(sliders.map(({ id, value }) => [id, Number(value)])),
          spoken: moved.getAttribute("aria-valuetext"),
          value: shown(`${moved.id}-text`),
          moved: moved.id,
          told: shown("told"),
          ...Object.fromEntries(["between", "width", "detectable", "needed"].map((id) => [id, shown(id)])),
        });
      }
    return rows;
  });
  assert.deepEqual(errors, []);
  assert.ok(seen.length > 40);
  const grid = JSON.parse(readFileSync(file, "utf8").match(/<script type="application\/json"[^>]*>(.*?)<\/script>/s)[1]);
  for (const { at, moved, spoken, value, told, between, width, detectable, needed } of seen) {
    const cell = (table) => table[at.overlap][at.correlation][at.share][at.items];
    assert.equal(spoken, grid.texts[moved][at[moved]]);
    assert.equal(value, spoken);
    assert.equal(between, grid.between[at.response][at.share]);
    assert.equal(width, grid.width[at.response][at.share]);
    assert.equal(detectable, grid.points[cell(grid.detectable)[at.response]]);
    assert.equal(needed, grid.answers[cell(grid.needed)[at.change]]);
    assert.ok(!/[{}]|undefined/.test(told), told);
    assert.ok([between, width, detectable].every((text) => told.includes(text)), told);
  }
  const slowest = Math.max(...seen.map(({ ms }) => ms));
  t.diagnostic(`${seen.length} steps, the slowest ${slowest.toFixed(1)} ms`);
  assert.ok(slowest < MOST_MS, `${slowest} ms`);
});

test("an arrow key moves a slider, and what is drawn and told follows", async () => {
  await open(DESK);
  const look = () => page.evaluate(() => ({
    told: document.getElementById("told").textContent,
    live: document.getElementById("told").ariaLive,
    dot: document.getElementById("dot").getAttribute("cx"),
    interval: ["x1", "x2"].map((end) => document.getElementById("interval").getAttribute(end)).join(),
  }));
  await page.focus("#response");
  const first = await look();
  await page.keyboard.press("ArrowRight");
  const next = await look();
  assert.equal(first.live, "polite");
  for (const part of ["told", "dot", "interval"]) assert.notEqual(next[part], first[part], part);
  assert.deepEqual(await page.$$eval("input[type=range]", (all) => all.filter((one) => !one.labels.length).length), 0);
});

test("without a script there are tables, and no slider that does nothing", async () => {
  await page.setJavaScriptEnabled(false);
  await open(DESK);
  const visible = async (what) => (await Promise.all((await page.$$(what)).map((one) => one.isVisible()))).filter(Boolean).length;
  assert.equal(await visible("input"), 0);
  assert.equal(await visible("table"), 2);
});

test("on paper the sentence, the drawings and the tables stay", async () => {
  await open({ width: 718, height: 1047 }, { media: "print" });
  const visible = (what) => page.$$eval(what, (all) => all.filter((one) => one.checkVisibility()).length);
  assert.deepEqual([await visible("input"), await visible("#told"), await visible("svg"), await visible("table")], [0, 1, 2, 2]);
});
