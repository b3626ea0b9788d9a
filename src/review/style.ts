/** The stylesheet of a difference: light, dark and paper; no colour says what a word does not say too. */
import { Html } from "../html/index.ts";

export const pageStyle: Html = new Html(`
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #ffffff; --ink: #17212b; --quiet: #4b5968; --line: #d3dae2; --soft: #eef1f5;
  --gain: #b01f17; --loss: #855000; --other: #1b4f9c; --good: #17683a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1419; --card: #181f27; --ink: #e7ecf2; --quiet: #a7b4c2; --line: #303b48; --soft: #212a34;
    --gain: #ff8f86; --loss: #f0b64d; --other: #8fb8ff; --good: #73d29b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-inline-size: 64rem; padding: 1rem clamp(.75rem, 3vw, 2rem) 3rem;
  background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.2; text-wrap: balance; }
h2 { margin: 0; font-size: 1rem; line-height: 1.5; font-weight: 500; }
p { margin: .35rem 0; }
code { font: .875em/1.4 ui-monospace, monospace; background: var(--soft); padding: .1em .3em; border-radius: 4px; }
q { quotes: none; font-style: italic; }
.brand, .outcome, .digest, footer { color: var(--quiet); }
.digest { font-size: .8rem; }
.counts, .changes { margin: 1rem 0; padding: 0; list-style: none; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; }
.counts li { padding: .25rem .75rem; border: 1px solid currentcolor; border-radius: 1.2rem; background: var(--card); }
.changes > li { margin-block: .75rem; }
article { padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line); border-inline-start: 5px solid var(--tone); border-radius: 8px; }
.gain { --tone: var(--gain); } .loss { --tone: var(--loss); } .headers, .until, .reason { --tone: var(--other); }
.counts li, .kind { color: var(--tone); }
.kind { font-weight: 700; text-transform: uppercase; font-size: .8em; letter-spacing: .04em; margin-inline-end: .35em; }
.approved { color: var(--good); }
details { margin-block: .25rem; }
summary { cursor: pointer; color: var(--quiet); inline-size: fit-content; }
summary:focus-visible { outline: 3px solid var(--other); outline-offset: 2px; }
details ul { margin: .25rem 0; padding-inline-start: 1.25rem; columns: 22rem; }
pre { margin: .25rem 0; padding: .5rem .75rem; background: var(--soft); border-radius: 6px; white-space: pre-wrap; font: .8rem/1.5 ui-monospace, monospace; }
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --quiet: #333; --line: #999; --soft: #fff; }
  body { max-inline-size: none; padding: 0; font-size: 10pt; }
  article { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`);
