// The built page in a real Chromium: accessibility, reflow, privacy, print and keyboard. Settings: WIJKPEILING_PAGE, WIJKPEILING_LANG, CHROMIUM.
import assert from "node:assert/strict";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import puppeteer from "puppeteer-core";

const here = path.dirname(fileURLToPath(import.meta.url));
const file = path.resolve(here, process.env.WIJKPEILING_PAGE || "pages/nl/index.html");
const language = process.env.WIJKPEILING_LANG || "nl";
const DESK = { width: 1280, height: 800 };
const phone = (width) => ({ width, height: 740, isMobile: true, hasTouch: true });
const A4_INSIDE_MARGINS = { width: 718, height: 1047 };

let browser;
let page;

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH || "").split(path.delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const candidate = path.join(folder, name);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // not in this folder
      }
    }
  }
  throw new Error(
    "No Chromium found: apt-get install chromium (Debian), brew install --cask google-chrome (macOS), " +
      "winget install Google.Chrome (Windows); where it is not on the PATH, set CHROMIUM to the program",
  );
}

async function open(viewport, waitUntil = "load") {
  await page.setViewport(viewport);
  await page.goto(pathToFileURL(file).href, { waitUntil });
}

const openDetails = () => page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));

before(async () => {
  assert.ok(existsSync(file), `No page at ${file}: run make test-browser`);
  // Without userDataDir puppeteer makes a profile of its own and removes it; its defaults turn background networking off.
  browser = await puppeteer.launch({
    executablePath: findChromium(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
  });
});
after(() => browser?.close());
beforeEach(async () => (page = await browser.newPage()));
afterEach(() => page?.close());

for (const [name, viewport] of [["desk", DESK], ["phone", phone(360)]]) {
  test(`axe-core finds nothing at ${name} width ${viewport.width}`, async (t) => {
    await open(viewport);
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
}

for (const width of [320, 360]) {
  test(`nothing scrolls sideways at ${width} px`, async () => {
    await open(phone(width));
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
  await open(DESK, "networkidle0");
  assert.deepEqual(outside, [], "The page asks the network");
  assert.deepEqual(errors, [], "The page has errors");
});

test("says its language, and in words and numbers what it draws", async () => {
  await open(DESK);
  assert.equal(await page.$eval("html", (html) => html.lang), language);
  const silent = await page.$$eval("img", (all) => all.filter((img) => !img.alt.trim()).map((img) => img.outerHTML.slice(0, 100)));
  assert.deepEqual(silent, [], "Images without alt text");
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
    const readable = parts.filter((one) => !one.closest("nav, button"));
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
