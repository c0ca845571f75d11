// The built pages in a real Chromium: accessibility, reflow, privacy, print, keyboard, the filter of the audit, markup and spelling.
// Settings: WIJKPEILING_PAGE, WIJKPEILING_LANG, CHROMIUM.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import { findMistakes, launch } from "./chromium.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const file = path.resolve(here, process.env.WIJKPEILING_PAGE || "pages/2019/index.html");
// beside it: the audit, and the edition in the other language
const audit = path.join(path.dirname(file), "audit.html");
const PAGES = [file, audit].filter((one) => existsSync(one));
const language = process.env.WIJKPEILING_LANG || "nl";
const DESK = { width: 1280, height: 800 };
const phone = (width) => ({ width, height: 740, isMobile: true, hasTouch: true });
const A4_INSIDE_MARGINS = { width: 718, height: 1047 };

let browser;
let page;

async function open(viewport, { waitUntil = "load", at = file, scheme = "light" } = {}) {
  await page.setViewport(viewport);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(pathToFileURL(at).href, { waitUntil });
}

const openDetails = () => page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));

before(async () => {
  assert.ok(existsSync(file), `No page at ${file}: run make test-browser`);
  browser = await launch();
});
after(() => browser?.close());
beforeEach(async () => (page = await browser.newPage()));
afterEach(() => page?.close());

for (const at of PAGES)
  for (const [name, viewport] of [["desk", DESK], ["phone", phone(360)]])
    for (const scheme of ["light", "dark"])
      test(`axe-core finds nothing on ${path.basename(at)}, ${name}, ${scheme}`, async (t) => {
        await open(viewport, { at, scheme });
        await openDetails();
        await page.evaluate(axe.source);
        const { violations, incomplete, passes } = await page.evaluate(() => axe.run());
        assert.ok(passes.length > 0, "axe-core checked nothing");
        for (const { id, nodes } of incomplete) t.diagnostic(`for a person to judge: ${id}, ${nodes.length} places`);
        const found = violations.map(({ id, impact, help, nodes }) =>
          [`${id} (${impact}): ${help}`, ...nodes.map((node) => `  ${node.target.join(" ")}  ${node.html.slice(0, 120)}`)].join("\n"),
        );
        assert.equal(violations.length, 0, `axe-core, ${violations.length} rules broken:\n${found.join("\n")}`);
      });

test("the W3C's checker finds no error", () => {
  assert.equal(findMistakes(PAGES), "");
});

test("every word is spelled as the dictionary has it, or stands in words.txt", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "wijkpeiling-words-"));
  try {
    for (const at of PAGES) {
      await open(DESK, { at });
      await openDetails();
      // names of files, and the name of the other language
      const text = await page.evaluate(() => {
        for (const one of document.querySelectorAll(".language, .downloads span, script, style, svg")) one.remove();
        const spoken = [...document.querySelectorAll("[aria-label]")].map((one) => one.ariaLabel);
        return [document.body.innerText, ...spoken].join("\n").replaceAll("\u00ad", "");
      });
      writeFileSync(path.join(folder, `${path.basename(at, ".html")}.txt`), text);
    }
    const config = { version: "0.2", language: language === "nl" ? "nl" : "en-GB,nl", import: ["@cspell/dict-nl-nl/cspell-ext.json"], dictionaryDefinitions: [{ name: "own", path: path.join(here, "words.txt") }], dictionaries: ["own"], files: ["*.txt"] };
    const settings = path.join(here, `.cspell-${process.pid}.json`);
    writeFileSync(settings, JSON.stringify(config));
    let told = "";
    try {
      const program = path.join(here, "node_modules/cspell/bin.mjs");
      execFileSync(process.execPath, [program, "lint", "--no-progress", "--no-summary", "--words-only", "--unique", "--config", settings, "--root", folder, "*.txt"], { stdio: "pipe", cwd: folder });
    } catch (failure) {
      told = String(failure.stdout) + String(failure.stderr);
    } finally {
      rmSync(settings);
    }
    assert.equal(told, "", "Mend the word, or put it in tests/browser/words.txt where it is right");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const at of PAGES) for (const width of [320, 360]) {
  test(`nothing scrolls sideways on ${path.basename(at)} at ${width} px`, async () => {
    await open(phone(width), { at });
    await openDetails();
    const { scrollWidth, clipped, wide } = await page.evaluate((limit) => {
      const overflow = (element) => getComputedStyle(element).overflowX;
      const scrolls = (element) => element.closest("body, html") !== element && ["auto", "scroll"].includes(overflow(element));
      const inScroller = (element) => {
        for (let one = element.parentElement; one; one = one.parentElement) if (scrolls(one)) return true;
        return false;
      };
      return {
        scrollWidth: document.documentElement.scrollWidth,
        clipped: [document.documentElement, document.body].some((one) => ["hidden", "clip"].includes(overflow(one))),
        wide: [...document.body.querySelectorAll("*")]
          .filter((one) => one.getBoundingClientRect().right > limit + 1 && !inScroller(one))
          .slice(0, 5)
          .map((one) => one.outerHTML.slice(0, 100)),
      };
    }, width);
    assert.ok(scrollWidth <= width, `The document is ${scrollWidth} px wide; beyond the edge:\n${wide.join("\n")}`);
    assert.ok(!clipped, "overflow-x on html or body cuts off what does not fit");
  });
}

test("loads without the network and without errors", async () => {
  const outside = [];
  const errors = [];
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || outside.push(request.url()));
  page.on("requestfailed", (request) => errors.push(`${request.url()} ${request.failure()?.errorText}`));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await open(DESK, { waitUntil: "networkidle0" });
  assert.deepEqual(outside, [], "The page asks the network");
  assert.deepEqual(errors, [], "The page has errors");
});

test("says its language, and in words and numbers what it draws", async () => {
  await open(DESK);
  assert.equal(await page.$eval("html", (html) => html.lang), language);
  const silent = await page.$$eval("img, svg", (all) =>
    all
      .filter((one) => !(one.closest("[role=img]")?.ariaLabel || one.alt)?.trim() && one.closest("[aria-hidden]") === null)
      .map((one) => one.outerHTML.slice(0, 100)),
  );
  assert.deepEqual(silent, [], "Pictures without words");
  const { count, bare } = await page.$$eval("figure", (figures) => {
    const holdsTable = (element) => element && (element.matches("table") || element.querySelector("table"));
    const named = (figure) => [figure, ...figure.querySelectorAll("[aria-describedby], [aria-details]")]
      .flatMap((one) => `${one.getAttribute("aria-describedby") || ""} ${one.getAttribute("aria-details") || ""}`.split(" "))
      .map((id) => id && document.getElementById(id));
    const hasTable = (figure) => [figure, figure.nextElementSibling, ...named(figure)].some(holdsTable);
    return { count: figures.length, bare: figures.filter((one) => !hasTable(one)).map((one) => one.outerHTML.slice(0, 100)) };
  });
  assert.ok(count > 0, "The page has no figure");
  assert.deepEqual(bare, [], "Figures without a table");
});

test("prints whole: several pages, nothing hidden or cut off", async () => {
  await open(A4_INSIDE_MARGINS);
  await page.evaluate(() => {
    const parts = [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6, p, li, dt, dd, table, figure, img, svg)")];
    // meant for a screen: folded tables, lists of files
    const readable = parts.filter((one) => !one.closest("nav, button, details, .beside, .phone"));
    const closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((one) => (one.open = true));
    window.onScreen = readable.filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
    closed.forEach((one) => (one.open = false));
  });
  await page.emulateMediaType("print");
  const { shown, hidden, cut } = await page.evaluate(() => {
    window.dispatchEvent(new Event("beforeprint"));
    const start = (one) => one.outerHTML.slice(0, 100);
    const isCut = (one) => getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1 && !one.closest("svg");
    return {
      shown: window.onScreen.length,
      hidden: window.onScreen.filter((one) => !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })).map(start),
      cut: [...document.querySelectorAll("main *")].filter(isCut).map(start),
    };
  });
  assert.ok(shown > 0, "There is nothing in <main>");
  assert.deepEqual(hidden, [], "On the screen but not on paper");
  assert.deepEqual(cut, [], "Cut off on paper");
  const pdf = Buffer.from(await page.pdf({ format: "A4" })).toString("latin1");
  const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  assert.ok(pages > 1, `The printed page has ${pages} pages`);
});

test("the first Tab reaches the skip link, and it leads to main", async () => {
  await open(DESK);
  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => {
    const link = document.activeElement;
    const { top, left, width, height } = link.getBoundingClientRect();
    return { isSkip: link.matches("a[href^='#']"), isInView: top >= 0 && left >= 0 && width > 1 && height > 1, html: link.outerHTML.slice(0, 100) };
  });
  assert.ok(skip.isSkip, `The first focusable element is not a skip link: ${skip.html}`);
  assert.ok(skip.isInView, `The skip link cannot be seen when it has the focus: ${skip.html}`);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.localName), "main", "The skip link does not move the focus to main");
});

test("the folder that stayed behind is told, and nothing leads to it", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "wijkpeiling-alone-"));
  try {
    const alone = path.join(folder, "index.html");
    copyFileSync(file, alone);
    for (const [at, isThere] of [[file, true], [alone, false]]) {
      await open(DESK, { at, waitUntil: "networkidle0" });
      const shown = await page.evaluate(() => {
        const isShown = (one) => one.checkVisibility();
        return { links: [...document.querySelectorAll("a[href^='figures/'], a[href^='data/'], a[href='audit.html']")].some(isShown), told: isShown(document.querySelector(".if-alone")) };
      });
      assert.deepEqual(shown, { links: isThere, told: !isThere });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the other edition is offered, and leads back", async () => {
  await open(DESK, { waitUntil: "networkidle0" });
  const switches = async () => page.$eval(".language", (one) => (one.checkVisibility() ? one.querySelector("a").href : null));
  const other = await switches();
  const isBuilt = existsSync(path.join(path.dirname(file), "..", await page.$eval(".language", (one) => one.dataset.other), "index.html"));
  assert.equal(other !== null, isBuilt);
  if (!isBuilt) return;
  await page.goto(other, { waitUntil: "networkidle0" });
  assert.notEqual(await page.$eval("html", (html) => html.lang), language);
  assert.equal(await switches(), pathToFileURL(file).href);
});

test("a table unfolds under its figure", async () => {
  await open(DESK);
  const isShown = () => page.$eval("figure details table", (table) => table.checkVisibility({ contentVisibilityAuto: true }));
  assert.equal(await isShown(), false);
  await page.click("figure details summary");
  assert.equal(await isShown(), true);
});

test("the chapter that is read is marked in the contents", async () => {
  await open(DESK);
  const last = await page.$eval(".contents li:nth-last-child(2) a", (link) => link.hash);
  await page.evaluate((hash) => document.getElementById(hash.slice(1)).scrollIntoView({ behavior: "instant" }), last);
  await page.waitForFunction((hash) => document.querySelector(".contents [aria-current]")?.hash === hash, { timeout: 3000 }, last);
});

if (existsSync(audit))
  test("the audit shows the rows of a verdict and a year, without a script", async () => {
    await page.setJavaScriptEnabled(false);
    await open(DESK, { at: audit });
    const count = async () => (await Promise.all((await page.$$("tbody tr:not(.phone)")).map((row) => row.isVisible()))).filter(Boolean).length;
    const all = await count();
    const choices = await page.$$("input[name=verdict]:not(#verdict-all)");
    let sum = 0;
    for (const choice of choices) {
      await choice.click();
      const shown = await count();
      assert.ok(shown > 0 && shown < all);
      sum += shown;
    }
    assert.equal(sum, all);
    await page.click("#verdict-all");
    await page.click("input[name=wave]:not(#wave-all)");
    assert.ok((await count()) < all);
  });

for (const viewport of [DESK, { width: 375, height: 812, isMobile: true, hasTouch: true }])
  test(`the first screen at ${viewport.width} x ${viewport.height} holds the news that there is`, async () => {
    await open(viewport);
    const places = await page.$$eval("h1, .lead, .keys li:first-child", (all) => all.map((one) => one.getBoundingClientRect().bottom));
    assert.ok(places.length > 0);
    assert.ok(Math.max(...places) <= viewport.height, `reaches to ${Math.max(...places)} px`);
  });

for (const viewport of [DESK, phone(375)])
  test(`the words of a key figure stand clear of its number, also of an approximate one, at ${viewport.width}`, async () => {
    await open(viewport);
    for (const value of [null, "ongeveer 80%"]) {
      const overlaps = await page.$$eval(
        ".keys li",
        (all, text) =>
          all.filter((one) => {
            const number = one.querySelector("b");
            if (text) (number.textContent = text), number.classList.add("long");
            const range = document.createRange();
            range.selectNodeContents(number);
            const inked = range.getBoundingClientRect();
            const line = number.getBoundingClientRect();
            const words = one.querySelector("p").getBoundingClientRect();
            return inked.right > words.left && inked.left < words.right && line.bottom > words.top && line.top < words.bottom;
          }).length,
        value,
      );
      assert.equal(overlaps, 0, `${value}: ${overlaps} overlap`);
    }
  });

test("no table has more than four columns on a phone", async () => {
  await open(phone(375));
  await openDetails();
  const columns = await page.$$eval("tbody tr:not(.phone)", (rows) => rows.map((row) => [...row.cells].filter((cell) => cell.checkVisibility()).length));
  assert.ok(columns.length > 0 && Math.max(...columns) <= 4, `${Math.max(...columns)} columns`);
});

for (const at of PAGES) for (const width of [320, 375, 1280])
  test(`no word of a table's heads and row names breaks without a hyphen on ${path.basename(at)} at ${width} px`, async () => {
    await open(width < 800 ? phone(width) : DESK, { at });
    await openDetails();
    const { words, broken } = await page.evaluate(() => {
      // a character after a soft hyphen has a box on the line above as well
      const lineOf = (node, at) => {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return Math.round([...range.getClientRects()].at(-1)?.top);
      };
      const broken = [];
      let words = 0;
      for (const cell of document.querySelectorAll("thead th, tbody th")) {
        if (!cell.checkVisibility()) continue;
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode())
          for (const { 0: part, index } of node.textContent.matchAll(/[^\s\u2013\u00ad-]+/g)) {
            words += 1;
            if (new Set([...part].map((_, place) => lineOf(node, index + place))).size > 1)
              broken.push(`${part} in ${cell.closest(".table")?.id}`);
          }
      }
      return { words, broken };
    });
    assert.ok(words > 20, `${words} words looked at`);
    assert.deepEqual(broken, []);
  });

test("the page is under twelve screens of a phone", async () => {
  const height = 812;
  await open({ width: 375, height, isMobile: true, hasTouch: true });
  const screens = (await page.evaluate(() => document.documentElement.scrollHeight)) / height;
  assert.ok(screens < 12, `${screens.toFixed(1)} screens`);
});
