/** Where Chromium is, for tests that need a browser: `WRIT_CHROMIUM`, or where systems put it. Without it they are skipped, and say so. */
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { changedEvent, contentSecurityPolicy, pageFiles, renderPage } from "../../src/page/index.ts";
import type { View } from "../../src/publish/index.ts";
import { optionsFor } from "./views.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

function find(): string | undefined {
  const named = process.env.WRIT_CHROMIUM;
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
}

export const chromiumPath = find();

/** The title of a group of tests, with the reason in it when they are skipped. */
export function withChromium(title: string): string {
  return chromiumPath === undefined
    ? `${title} (skipped: no Chromium; put it on the path or name it in WRIT_CHROMIUM)`
    : title;
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Opened {
  readonly page: Page;
  /** What went wrong in the browser, and what it asked of others. */
  readonly complaints: string[];
}

export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`asked ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() !== 200) complaints.push(`${response.status()} of ${response.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** Nothing may have gone wrong: no error, no breach of the policy, no request to another origin. */
export async function closePage({ page, complaints }: Opened): Promise<void> {
  await page.context().close();
  expect(complaints).toEqual([]);
}

/** Waits until the script has read the page once. */
export async function live(page: Page): Promise<void> {
  await page.getByText("Live: what changes appears by itself.").waitFor();
}

/** Where screenshots are kept: CI takes them from there. */
export function artefacts(): string {
  const named = process.env.WRIT_ARTEFACTS;
  if (named === undefined) return mkdtempSync(join(tmpdir(), "writ-page-"));
  mkdirSync(named, { recursive: true });
  return resolve(named);
}

export interface Served {
  readonly url: string;
  /** What every request is answered with from now on; browsers that listen are told. */
  show(view: View): void;
  /** Breaks every stream of events that is open. */
  cut(): void;
  close(): Promise<void>;
}

/** The page as a publisher serves it, with its policy for browsers. */
export async function serve(first: View): Promise<Served> {
  let view = first;
  const listening = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = pageFiles[pathname];
    if (file) {
      response.writeHead(200, { "content-type": file.type, "x-content-type-options": "nosniff" }).end(file.text);
    } else if (pathname === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write("retry: 100\n\n");
      listening.add(response);
      response.on("close", () => listening.delete(response));
    } else if (pathname === "/") {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": contentSecurityPolicy,
      });
      response.end(renderPage(view, optionsFor(view)));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    show: (next) => {
      view = next;
      for (const response of listening) response.write(changedEvent);
    },
    cut: () => {
      for (const response of listening) response.destroy();
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
