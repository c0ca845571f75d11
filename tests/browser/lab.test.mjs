// The first lesson in a real JupyterLab: its cells are run, the slider is moved, and what it shows changes.
// Settings: WIJKPEILING_PYTHON (of the environment with JupyterLab), CHROMIUM.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { accessSync, constants, cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const python = process.env.WIJKPEILING_PYTHON || path.join(root, ".venv", "bin", "python");
const LESSON = "verkennen/01_iedereen_gevraagd.ipynb";
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

test("the lessons are found, and a moved slider changes what is shown", { timeout: 3 * PATIENCE }, async () => {
  const listed = await (await fetch(`${address}/api/contents/verkennen?token=${TOKEN}`)).json();
  assert.ok(listed.content.some(({ path: found }) => found === LESSON), "the lesson is not where `wijkpeiling lab` opens");

  const page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 2400 });
  await page.goto(`${address}/lab/tree/${LESSON}?token=${TOKEN}&reset`, { waitUntil: "load", timeout: PATIENCE });
  await page.waitForSelector(".jp-Notebook .jp-Cell", { timeout: PATIENCE });
  await page.waitForFunction(() => document.querySelectorAll(".jp-Notebook-ExecutionIndicator[data-status=idle]").length > 0, {
    timeout: PATIENCE,
  });
  // every cell from the top, by the button that runs one and goes to the next
  const cells = await page.$$eval(".jp-Notebook .jp-Cell", (all) => all.length);
  const run = await page.waitForSelector('.jp-NotebookPanel-toolbar [data-jp-item-name="run"] :is(button, jp-button)');
  for (let place = 0; place < cells; place += 1) await run.click();

  const handle = await page.waitForSelector(".widget-slider .noUi-handle", { timeout: PATIENCE });
  const shown = () => page.$eval(".widget-output, .jupyter-widgets-output-area", (one) => one.innerHTML);
  const reading = () => page.$eval(".widget-slider .widget-readout", (one) => Number(one.textContent));
  await page.waitForFunction(() => document.querySelector(".widget-output svg, .jupyter-widgets-output-area :is(svg, img)"), {
    timeout: PATIENCE,
  });
  const first = await shown();
  assert.equal(await reading(), 20);

  await handle.focus();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("ArrowRight");
  assert.equal(await reading(), 25);
  await page.waitForFunction(
    (before) => {
      const now = document.querySelector(".widget-output, .jupyter-widgets-output-area").innerHTML;
      return now !== before && /<(svg|img)/.test(now);
    },
    { timeout: PATIENCE },
    first,
  );
  const checks = await page.$$eval(".jp-OutputArea-output", (all) => all.map((one) => one.textContent).join(" "));
  assert.match(checks, /Vul bij answer uw antwoord in/);
  assert.doesNotMatch(checks, /Error/);
  await page.close();
});
