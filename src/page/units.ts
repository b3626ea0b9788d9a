/** Times, spans of time and digests, as people read them and as machines do. */
import { type Html, html } from "../html/index.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** 9999-12-31: no year has five digits here. */
const LAST = 253_402_300_799;

/** Seconds since 1970 as a moment in UTC. */
export function moment(at: number): Html {
  const iso = new Date(Math.min(Math.max(0, Math.trunc(at)), LAST) * 1000).toISOString();
  return html`<time datetime="${`${iso.slice(0, 19)}Z`}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
}

/** Two units at most: `12 s`, `4 min`, `3 h 20 min`, `29 d`; a number stays with its unit in one line. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.trunc(seconds));
  if (whole < 2 * MINUTE) return `${whole}\u00a0s`;
  if (whole < 2 * HOUR) return `${Math.floor(whole / MINUTE)}\u00a0min`;
  if (whole >= 2 * DAY) return `${Math.floor(whole / DAY)}\u00a0d`;
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  return `${Math.floor(whole / HOUR)}\u00a0h${minutes > 0 ? ` ${minutes}\u00a0min` : ""}`;
}

/** How long it took: `312 ms`, `4.1 s`, `3 min`. */
export function took(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))}\u00a0ms`;
  if (milliseconds < 60_000) return `${(Math.round(milliseconds / 100) / 10).toFixed(1)}\u00a0s`;
  return span(milliseconds / 1000);
}

export function since(at: number, now: number): Html {
  return html`${moment(at)} <span class="quiet">(${span(now - at)} ago)</span>`;
}

/** The whole of it, for cards; people copy it into commands. */
export function digest(hex: string): Html {
  return html`<code class="digest">${hex}</code>`;
}

/** Its beginning, for tables. */
export function shortDigest(hex: string): Html {
  return html`<code class="short">${hex.slice(0, 12)}</code>`;
}
