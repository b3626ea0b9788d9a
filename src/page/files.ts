/** What the page needs beside itself, all of it from the same origin, and the policy that holds a browser to that. */
import { pageScript } from "./script.ts";
import { icon, styleSheet } from "./style.ts";

export interface PageFile {
  readonly type: string;
  readonly text: string;
}

/** By path. */
export const pageFiles: Readonly<Record<string, PageFile>> = {
  "/icon.svg": { type: "image/svg+xml", text: icon },
  "/page.js": { type: "text/javascript; charset=utf-8", text: pageScript },
  "/style.css": { type: "text/css; charset=utf-8", text: styleSheet },
};

/** What `/events` sends as data of each event: that something changed, no more; the script reads the page again. */
export const changedEvent = "data: changed\n\n";

/** For the `Content-Security-Policy` of the page: if an author's text ever became HTML, it would still do nothing (threat P15). */
export const contentSecurityPolicy: string = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
