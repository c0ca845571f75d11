// Every lesson in a real JupyterLab: its cells are run, the slider is moved, and what it shows changes.
// Settings: WIJKPEILING_PYTHON (of the environment with JupyterLab), CHROMIUM.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { accessSync, constants, cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const python = process.env.WIJKPEILING_PYTHON || path.join(root, ".venv", "bin", "python");
const FOLDER = "notebooks/verkennen";
// the register of the lessons names these files, which a test of its own holds
const LESSONS = readdirSync(path.join(root, FOLDER))
  .filter((name) => name.endsWith(".ipynb"))
  .sort();
const TOKEN = "lesson";
const PATIENCE = 120_000;

let browser;
let folder;
let server;
let address;

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const place of (process.env.PATH || "").split(path.delimiter))
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const candidate = path.join(place, name);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // not in this folder
      }
    }
  throw new Error("No Chromium found: apt-get install chromium (Debian), or set CHROMIUM to the program");
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function answers(url) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // not up yet
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`JupyterLab did not answer at ${url}`);
}

before(async () => {
  // a copy: JupyterLab may save what it has open
  folder = mkdtempSync(path.join(tmpdir(), "wijkpeiling-lab-"));
  cpSync(path.join(root, "notebooks"), path.join(folder, "notebooks"), { recursive: true });
  cpSync(path.join(root, "GLOSSARY.md"), path.join(folder, "GLOSSARY.md"));
  symlinkSync(path.join(root, "data"), path.join(folder, "data"));
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  const home = path.join(folder, "jupyter");
  server = spawn(
    python,
    [
      "-c",
      "from wijkpeiling.cli import main; main()",
      "lab",
      "--project",
      folder,
      "--no-browser",
      "--allow-root",
      `--port=${port}`,
      "--ServerApp.ip=127.0.0.1",
      `--IdentityProvider.token=${TOKEN}`,
    ],
    {
      cwd: folder,
      detached: true,
      stdio: "ignore",
      env: { ...process.env, PYTHONPATH: root, JUPYTER_CONFIG_DIR: home, JUPYTER_DATA_DIR: home, JUPYTER_RUNTIME_DIR: home },
    },
  );
  await answers(`${address}/api/status?token=${TOKEN}`);
  browser = await puppeteer.launch({
    executablePath: findChromium(),
    protocolTimeout: PATIENCE,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-proxy-server"],
  });
});

after(async () => {
  await browser?.close();
  if (server?.pid) {
    // with its kernels
    try {
      process.kill(-server.pid, "SIGTERM");
    } catch {
      // ended by itself
    }
    await new Promise((resolve) => (server.exitCode === null ? server.once("exit", resolve) : resolve()));
  }
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

async function choose(page, selector, label) {
  await page.waitForFunction(
    (where, text) => [...document.querySelectorAll(where)].some((one) => one.textContent.trim() === text),
    { timeout: PATIENCE },
    selector,
    label,
  );
  const handle = await page.evaluateHandle(
    (where, text) => [...document.querySelectorAll(where)].find((one) => one.textContent.trim() === text),
    selector,
    label,
  );
  await handle.click();
}

async function runAll(page) {
  await choose(page, ".lm-MenuBar-itemLabel", "Run");
  await choose(page, ".lm-Menu-itemLabel", "Run All Cells");
}

async function openLesson(name) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 6000 });
  await page.goto(`${address}/lab/tree/${FOLDER}/${name}?token=${TOKEN}&reset`, { waitUntil: "load", timeout: PATIENCE });
  await page.waitForSelector(".jp-Notebook .jp-Cell", { timeout: PATIENCE });
  await page.waitForFunction(() => document.querySelectorAll(".jp-Notebook-ExecutionIndicator[data-status=idle]").length > 0, {
    timeout: PATIENCE,
  });
  await page.waitForFunction(() => /\| Idle/.test(document.querySelector("#jp-main-statusbar")?.textContent), { timeout: PATIENCE });
  return page;
}

async function endKernels() {
  const sessions = await (await fetch(`${address}/api/sessions?token=${TOKEN}`)).json();
  for (const { id } of sessions) await fetch(`${address}/api/sessions/${id}?token=${TOKEN}`, { method: "DELETE" });
}

const reading = (page) => page.$eval(".widget-slider .widget-readout", (one) => Number(one.textContent));

// a chart or a table, below the slider
const SHOWN = ".widget-vbox .jp-OutputArea-output";
const shown = (page) => page.$eval(SHOWN, (one) => one.innerHTML);

async function move(page, key, steps) {
  await (await page.$(".widget-slider .noUi-handle")).focus();
  for (let step = 0; step < steps; step += 1) await page.keyboard.press(key);
}

test("the lessons are found where wijkpeiling lab opens", async () => {
  const listed = await (await fetch(`${address}/api/contents/${FOLDER}?token=${TOKEN}`)).json();
  const found = listed.content.map(({ name }) => name);
  assert.ok(LESSONS.length > 3);
  for (const name of LESSONS) assert.ok(found.includes(name), name);
});

test("a lesson leads to the glossary", { timeout: 3 * PATIENCE }, async () => {
  const page = await openLesson(LESSONS[0]);
  const link = await page.waitForSelector(".jp-Notebook a[href*='GLOSSARY.md']", { timeout: PATIENCE });
  // a link to what lies above the root of JupyterLab leads nowhere
  const linked = await link.evaluate(async (one) => {
    const answer = await fetch(one.href);
    return [answer.status, await answer.text()];
  });
  assert.equal(linked[0], 200);
  assert.match(linked[1], /one word for one thing/);
  await page.close();
  await endKernels();
});

for (const name of LESSONS)
  test(`${name}: a moved slider changes what is shown`, { timeout: 3 * PATIENCE }, async () => {
    const page = await openLesson(name);
    await runAll(page);
    await page.waitForSelector(".widget-slider .noUi-handle", { timeout: PATIENCE });
    await page.waitForSelector(SHOWN, { timeout: PATIENCE });
    const [first, stood] = [await shown(page), await reading(page)];
    assert.ok(first.length > 100, "nothing stands below the slider");

    await move(page, "ArrowRight", 5);
    // a slider that begins at its end goes the other way
    if ((await reading(page)) === stood) await move(page, "ArrowLeft", 5);
    assert.notEqual(await reading(page), stood);
    await page.waitForFunction(
      (selector, before) => {
        const now = document.querySelector(selector);
        return now && now.innerHTML.length > 100 && now.innerHTML !== before;
      },
      { timeout: PATIENCE },
      SHOWN,
      first,
    );

    // both exercises wait for an answer
    const asked = /Vul bij answer uw antwoord in/g;
    const told = () => page.$$eval(".jp-OutputArea-output", (all) => all.map((one) => one.textContent).join(" "));
    await page.waitForFunction(
      (source) => (document.querySelector(".jp-Notebook").textContent.match(new RegExp(source, "g")) ?? []).length === 2,
      { timeout: PATIENCE },
      asked.source,
    );
    assert.equal((await told()).match(asked).length, 2);
    assert.doesNotMatch(await told(), /Error/);
    await page.close();
    await endKernels();
  });
