// The index of a site in a real Chromium: accessibility, markup, nothing sideways, links that lead somewhere, no network.
// Settings: WIJKPEILING_SITE, WIJKPEILING_LANG (nl or en; both where it is not set), CHROMIUM.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import { findMistakes, launch } from "./chromium.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(here, process.env.WIJKPEILING_SITE || "pages/site");
const INDEXES = { nl: path.join(folder, "index.html"), en: path.join(folder, "index-en.html") };
const languages = process.env.WIJKPEILING_LANG ? [process.env.WIJKPEILING_LANG] : Object.keys(INDEXES);
const DESK = { width: 1280, height: 800 };
const phone = (width) => ({ width, height: 740, isMobile: true, hasTouch: true });

let browser;
let page;

async function open(file, viewport = DESK, scheme = "light") {
  await page.setViewport(viewport);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
}

before(async () => {
  for (const file of Object.values(INDEXES)) assert.ok(existsSync(file), `No index at ${file}: run make test-browser`);
  browser = await launch();
});
after(() => browser?.close());
beforeEach(async () => (page = await browser.newPage()));
afterEach(() => page?.close());

for (const language of languages) {
  const file = INDEXES[language];
  for (const [name, viewport] of [["desk", DESK], ["phone", phone(375)]])
    for (const scheme of ["light", "dark"])
      test(`axe-core finds nothing on the index, ${language}, ${name}, ${scheme}`, async () => {
        await open(file, viewport, scheme);
        await page.evaluate(axe.source);
        const { violations, passes } = await page.evaluate(() => axe.run());
        assert.ok(passes.length > 0, "axe-core checked nothing");
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 120)]), []);
      });

  for (const width of [320, 375])
    test(`nothing of the index scrolls sideways at ${width} px, ${language}`, async () => {
      await open(file, phone(width));
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    });

  test(`the newest edition stands on the first screen, ${language}`, async () => {
    await open(file, phone(375));
    const { top, lang } = await page.evaluate(() => {
      const link = document.querySelector("main h3 a");
      return { top: link.getBoundingClientRect().top, lang: link.hreflang };
    });
    assert.ok(top < 740, `${top} px down`);
    assert.equal(lang, language);
  });

  test(`every link of the index leads to a file, and nothing is fetched, ${language}`, async () => {
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await open(file);
    const links = await page.evaluate(() => [...document.querySelectorAll("a[href]")].map(({ href }) => href));
    const inside = links.filter((href) => href.startsWith("file:")).map((href) => href.split("#")[0]);
    assert.ok(inside.length > 5);
    assert.deepEqual(inside.filter((href) => !existsSync(fileURLToPath(href))), []);
    assert.deepEqual(asked.filter((url) => !url.startsWith("data:")), [pathToFileURL(file).href]);
  });
}

test("the W3C's checker finds no error in the indexes", () => assert.equal(findMistakes(Object.values(INDEXES)), ""));

test("the other language is one click away, and back", async () => {
  await open(INDEXES.nl);
  for (const [there, name] of [["en", "index-en.html"], ["nl", "index.html"]]) {
    await Promise.all([page.waitForNavigation(), page.click(".language a")]);
    assert.equal(path.basename(fileURLToPath(page.url())), name);
    assert.equal(await page.evaluate(() => document.documentElement.lang), there);
  }
});

test("a click on the newest edition opens it, and its version is the same page", async () => {
  await open(INDEXES.nl);
  const title = await page.evaluate(() => document.querySelector("main h3 a").textContent);
  const version = await page.evaluate(() => document.querySelector("main article ul:last-of-type a").href);
  await Promise.all([page.waitForNavigation(), page.click("main h3 a")]);
  assert.equal(await page.evaluate(() => document.querySelector("h1").textContent.trim()), title);
  await page.goto(version, { waitUntil: "load" });
  assert.equal(await page.evaluate(() => document.querySelector("h1").textContent.trim()), title);
});
