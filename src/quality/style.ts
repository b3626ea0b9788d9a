/** How the pages about quality look: light and dark, and no colour says what a mark does not say too. */
import { Html } from "../html/index.ts";

const css = `:root { color-scheme: light dark; --page: #f4f6f8; --card: #fff; --ink: #17212b; --quiet: #4b5968; --line: #d3dae2;
  --good: #17683a; --part: #855000; --bad: #b01f17; --good-soft: #e3f3e9; --part-soft: #fbf0d9; --bad-soft: #fce4e2; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1419; --card: #181f27; --ink: #e7ecf2; --quiet: #a7b4c2; --line: #303b48;
  --good: #73d29b; --part: #f0b64d; --bad: #ff8f86; --good-soft: #15301f; --part-soft: #33290f; --bad-soft: #3a1a18; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-inline-size: 80rem; padding: 1rem clamp(.75rem, 3vw, 2rem) 3rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
table { border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
th, td { padding: .3rem .75rem; border-block-start: 1px solid var(--line); text-align: start; vertical-align: top; }
td.number { text-align: end; }
code, pre { font: .85rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
ul { margin: .15rem 0; padding-inline-start: 1.25rem; }
.quiet { color: var(--quiet); } .good { color: var(--good); } .part { color: var(--part); } .bad { color: var(--bad); }
.source { inline-size: 100%; table-layout: fixed; } .source td { border: 0; padding: 0 .5rem; }
.source td:first-child { inline-size: 4rem; text-align: end; color: var(--quiet); }
.source td:nth-child(2) { inline-size: 2rem; } .source td:nth-child(3) { white-space: pre-wrap; overflow-wrap: anywhere; }
tr.good { background: var(--good-soft); } tr.part { background: var(--part-soft); } tr.bad { background: var(--bad-soft); }
.source tr { color: inherit; } .missing { color: var(--bad); font: .875rem/1.45 system-ui, sans-serif; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; margin-block: .75rem; }
.card h3 { margin: 0 0 .25rem; font-size: 1rem; } .card p { margin: .25rem 0; }
pre { overflow-x: auto; margin: .5rem 0 0; }
`;

/** Ours and constant, so it is no text to escape. */
export const style: Html = new Html(`<style>\n${css}</style>`);
