/** The stylesheet: light and dark, a phone's width and a wall's; no colour says what a word or a shape does not say too. */
export const styleSheet = `:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #ffffff; --ink: #17212b; --quiet: #4b5968; --line: #d3dae2;
  --good: #17683a; --warn: #855000; --bad: #b01f17; --link: #1b4f9c; --well: #2f8f5b; --soft: #eef1f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1419; --card: #181f27; --ink: #e7ecf2; --quiet: #a7b4c2; --line: #303b48;
    --good: #73d29b; --warn: #f0b64d; --bad: #ff8f86; --link: #8fb8ff; --well: #4fae7d; --soft: #212a34;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-block-start: 1rem; }
body {
  margin: 0 auto; max-inline-size: 76rem; padding: 0 clamp(.75rem, 3vw, 2rem) 2rem;
  background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: break-word; font-variant-numeric: tabular-nums;
}
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { margin: 0; font-size: 1.9rem; letter-spacing: -.015em; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; }
h3 { margin: 0 0 .5rem; font-size: 1rem; }
p { margin: .5rem 0; }
ul, ol { margin: .5rem 0; padding: 0; list-style: none; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
code { font: .875em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; background: var(--soft); padding: .1em .3em; border-radius: 4px; }
code.digest { background: none; padding: 0; color: var(--quiet); }
bdi, code.digest, .next code { overflow-wrap: anywhere; }
.line { display: block; }
.age { white-space: nowrap; }
code.short, time, .key { white-space: nowrap; }
.quiet { color: var(--quiet); }
.good { color: var(--good); }
.warn { color: var(--warn); }
.bad { color: var(--bad); }
.skip { position: absolute; inset-inline-start: 1rem; inset-block-start: -4rem; padding: .5rem 1rem; background: var(--card); }
.skip:focus { inset-block-start: .5rem; z-index: 1; }
header { padding-block: 1.5rem 0; }
.brand { display: flex; align-items: center; gap: .5rem; margin: 0 0 .35rem; color: var(--quiet); font-weight: 600; }
.summary { display: flex; flex-wrap: wrap; gap: .5rem; margin-block: 1rem; }
.summary li { padding: .35rem .75rem; border: 1px solid currentcolor; border-radius: 1.2rem; background: var(--card); font-weight: 600; }
.summary a { color: inherit; text-decoration: none; }
.summary a:hover { text-decoration: underline; }
#latest { font-size: 1.05rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.card { padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.pair { display: grid; gap: 0 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.card.ended { border: 2px solid var(--bad); }
.revision { margin: 0; font-size: 1.5rem; font-weight: 600; line-height: 1.25; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .75rem 0 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
.notice { padding: .6rem 1rem; border: 1px solid currentcolor; border-inline-start-width: 6px; border-radius: 6px; background: var(--card); }
.amount { color: var(--quiet); font-weight: 400; }
.problems li { padding-block: .15rem; }
.changes > li { margin-block: .75rem; }
.changes .card { display: grid; gap: .25rem 2rem; padding-block: .75rem; }
.changes p, .changes h3 { margin: .2rem 0; }
.kind { padding: .1em .5em; border: 1px solid var(--line); border-radius: 4px; color: var(--quiet); font-size: .85em; font-weight: 600; }
.kind.revoke, .kind.recall { color: var(--bad); border-color: currentcolor; }
.keys { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
figure { margin: .75rem 0; }
figcaption { margin-block-end: .35rem; }
svg { fill: currentcolor; }
.mark { vertical-align: -.05em; flex: none; }
.squares { display: block; max-inline-size: 100%; block-size: auto; }
.shares { display: block; inline-size: 100%; block-size: 1rem; margin-block: .5rem; }
.gauge { vertical-align: .05em; margin-inline-end: .35rem; }
path.current, rect.current { fill: var(--well); }
path.behind, rect.behind { fill: var(--warn); }
path.stale, rect.stale, path.trouble { fill: var(--bad); }
path.silent { fill: var(--quiet); }
rect.track { fill: var(--soft); stroke: var(--quiet); }
table { inline-size: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
caption { padding-block: .35rem; color: var(--quiet); text-align: start; }
th, td { padding: .5rem .75rem; border-block-start: 1px solid var(--line); text-align: start; vertical-align: top; }
thead th { border: 0; color: var(--quiet); font-weight: 600; white-space: nowrap; }
td, th { overflow-wrap: break-word; }
tbody th { font-weight: 600; }
tbody th .quiet { font-weight: 400; }
td .problems { margin: .25rem 0 0; }
summary { padding: .35rem 0; cursor: pointer; color: var(--link); inline-size: fit-content; }
.pages { display: flex; gap: 1.25rem; margin-block: .75rem; }
footer { margin-block-start: 3rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); color: var(--quiet); }
#connection:empty { display: none; }
@media (min-width: 60rem) {
  .even { table-layout: fixed; }
  .even th:nth-child(1) { inline-size: 18%; }
  .even th:nth-child(3) { inline-size: 14%; }
  .even th:nth-child(4) { inline-size: 19%; }
  .even th:nth-child(5) { inline-size: 16%; }
  .changes .card { grid-template-columns: minmax(0, 1fr) minmax(0, 24rem); }
}
@media (max-width: 59.99rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-block-end: .5rem; }
  .stacks, .stacks tbody, .stacks tr, .stacks th, .stacks td, .stacks caption { display: block; }
  .stacks thead { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; overflow: hidden; }
  .stacks tr { padding: .5rem .75rem; border-block-start: 1px solid var(--line); }
  .stacks tr:first-child { border: 0; }
  .stacks caption { padding-inline: .75rem; }
  .stacks th, .stacks td { padding: .1rem 0; border: 0; }
  .stacks .line { display: inline; }
  .stacks td:empty { display: none; }
  .stacks [data-label]::before { content: attr(data-label) ": "; color: var(--quiet); font-weight: 400; }
}
@media (prefers-reduced-motion: no-preference) {
  .shares rect, .gauge rect { transition: width .3s ease-out, x .3s ease-out; }
}
@media print { .skip, nav, #connection { display: none; } }
`;

/** The icon, so that no browser asks for one that is not there. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1b4f9c"/><path d="M6 9l4.5 14L16 12l5.5 11L26 9" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/></svg>
`;
