// What every test file needs: a Chromium, and the W3C's checker.
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const here = path.dirname(fileURLToPath(import.meta.url));

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

// Without userDataDir puppeteer makes a profile of its own and removes it; its defaults turn background networking off.
export const launch = () =>
  puppeteer.launch({
    executablePath: findChromium(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
  });

// What the W3C's checker says of pages: nothing where they are right.
export function findMistakes(pages) {
  const checker = path.join(here, "node_modules/vnu-jar/build/dist/vnu.jar");
  try {
    execFileSync("java", ["-jar", checker, "--errors-only", "--format", "text", ...pages], { stdio: "pipe" });
    return "";
  } catch (failure) {
    return failure.code === "ENOENT" ? "Java is missing: apt-get install default-jre-headless (Debian)" : String(failure.stderr);
  }
}
