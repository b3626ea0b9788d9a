/** The stylesheet of the matrix: light and dark, a wall's width and a phone's; the picture takes its colours from here. */
export const style = `:root {
  color-scheme: light;
  --page: #f2f5f8; --card: #ffffff; --ink: #16202a; --quiet: #4b5968; --line: #d3dae2; --faint: #e9edf2; --link: #1b4f9c; --here: #fff3cf;
  --always: #1b4f9c; --until: #0a716c; --conditional: #b04a05; --public: #7446a8;
  --gain: #b3261e; --loss: #1b4f9c; --changed: #7446a8; --same: #6b7885;
}
:root[data-theme=dark] {
  color-scheme: dark;
  --page: #0e1318; --card: #171e26; --ink: #e8edf3; --quiet: #a9b6c4; --line: #323e4b; --faint: #222b35; --link: #8fb8ff; --here: #3a3215;
  --always: #79aefc; --until: #4cc9bd; --conditional: #f3a953; --public: #c6a4f4;
  --gain: #ff8a80; --loss: #79aefc; --changed: #c6a4f4; --same: #8b99a8;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; padding: 0 clamp(.75rem, 2vw, 1.75rem) 2rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; font-variant-numeric: tabular-nums;
}
h1, h2, h3 { line-height: 1.25; margin: 0; text-wrap: balance; }
h1 { font-size: 1.7rem; letter-spacing: -.015em; }
h2 { font-size: 1.1rem; }
h3 { font-size: .95rem; margin-block: 1rem .25rem; }
p { margin: .4rem 0; }
ul, ol { margin: .4rem 0; padding: 0; list-style: none; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; inset-inline-start: 1rem; inset-block-start: -4rem; padding: .5rem 1rem; background: var(--card); color: var(--link); }
.skip:focus { inset-block-start: .5rem; z-index: 3; }
.quiet { color: var(--quiet); }
.brand { display: flex; align-items: center; gap: .5rem; margin: 0; color: var(--quiet); font-weight: 600; }
.brand svg { inline-size: 1.4rem; block-size: 1.4rem; }
header { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem 2.5rem; padding-block: 1.1rem .9rem; }
header > div:first-child { flex: 1 1 22rem; }
.facts { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin: 0; }
.facts div { display: flex; flex-direction: column-reverse; }
.facts dt { color: var(--quiet); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.2; letter-spacing: -.01em; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.tools { display: flex; flex-wrap: wrap; align-items: end; gap: .6rem .9rem; padding: .7rem .9rem; border-block-end: 1px solid var(--line); }
.tools label { display: grid; gap: .1rem; color: var(--quiet); font-size: .8rem; }
.tools .check { display: flex; align-items: center; gap: .4rem; min-block-size: 2.1rem; font-size: .9rem; color: var(--ink); }
input, select, button { font: inherit; color: var(--ink); }
input[type=search], select, .tools button, .theme {
  min-block-size: 2.1rem; padding: .2rem .6rem; background: var(--page); border: 1px solid var(--quiet); border-radius: 7px; font-size: .9rem;
}
input[type=search] { inline-size: 13rem; max-inline-size: 100%; }
input::placeholder { color: var(--quiet); opacity: 1; }
button { cursor: pointer; }
button:hover { border-color: var(--link); }
.theme { margin-inline-start: auto; }
.buttons { display: flex; gap: .3rem; }
.buttons button { min-inline-size: 2.1rem; }
.legend { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem .5rem; padding: .55rem .9rem; border-block-end: 1px solid var(--line); }
.legend button { display: flex; align-items: center; gap: .45rem; padding: .15rem .6rem .15rem .35rem; background: none; border: 1px solid var(--line); border-radius: 1.2rem; font-size: .9rem; }
.legend button[aria-pressed=false] { color: var(--quiet); text-decoration: line-through; border-style: dashed; }
.legend canvas { inline-size: 20px; block-size: 20px; }
.legend .size { display: flex; align-items: center; gap: .4rem; margin-inline-start: auto; color: var(--quiet); font-size: .85rem; }
.legend .size canvas { inline-size: 88px; }
main { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) minmax(19rem, 25rem); align-items: start; }
main:focus { outline: none; }
.picture { overflow: hidden; display: flex; flex-direction: column; }
.view { position: relative; overflow: auto; block-size: max(24rem, calc(100vh - 17.5rem)); border-end-start-radius: 11px; border-end-end-radius: 11px; overscroll-behavior: contain; }
.view canvas { position: sticky; inset-block-start: 0; inset-inline-start: 0; display: block; }
.view canvas:focus-visible { outline-offset: -3px; }
.spacer { position: absolute; inset-block-start: 0; inset-inline-start: 0; inline-size: 1px; block-size: 1px; }
.aloud { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; overflow: hidden; }
.status { min-block-size: 2.4rem; margin: 0; padding: .45rem .9rem; border-block-start: 1px solid var(--line); color: var(--quiet); font-size: .9rem; }
aside { padding: 1rem 1.15rem; position: sticky; inset-block-start: .75rem; max-block-size: calc(100vh - 1.5rem); overflow: auto; }
aside h2 { margin-block-end: .15rem; }
aside h2 .arrow { color: var(--quiet); font-weight: 400; }
.say { display: flex; align-items: start; gap: .5rem; margin-block: .5rem; font-weight: 600; }
.say canvas { inline-size: 20px; block-size: 20px; flex: none; margin-block-start: .1rem; }
.way { padding: .6rem .8rem; margin-block: .5rem; border: 1px solid var(--line); border-radius: 9px; }
.way .say { margin-block: 0 .2rem; }
.way > .quiet { font-size: .9rem; }
.way dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem .7rem; margin: .3rem 0 0; font-size: .9rem; }
.way dt { color: var(--quiet); }
.way dd { margin: 0; }
.way dd p { margin: 0; }
code, pre { font: .85em/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { margin: .3rem 0 0; padding: .6rem; background: var(--page); border: 1px solid var(--line); border-radius: 7px; white-space: pre-wrap; max-block-size: 18rem; overflow: auto; user-select: all; }
details summary { cursor: pointer; color: var(--link); inline-size: fit-content; }
.rank button { display: grid; grid-template-columns: minmax(0, 1fr) max-content; gap: .6rem; inline-size: 100%; padding: .2rem .3rem; background: none; border: 1px solid transparent; border-radius: 6px; text-align: start; color: var(--link); }
.rank button span:last-child { color: var(--quiet); }
#table { margin-block-start: 1rem; padding: .8rem 1.1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin-block-start: .5rem; min-inline-size: 100%; }
caption { text-align: start; color: var(--quiet); padding-block-end: .3rem; }
th, td { padding: .35rem .7rem; border-block-start: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: normal; }
thead th { border: 0; color: var(--quiet); }
.none { padding: 2rem; text-align: center; color: var(--quiet); position: absolute; inset-inline: 0; inset-block-start: 3rem; }
.help { font-size: .9rem; }
kbd { padding: 0 .35em; border: 1px solid var(--quiet); border-radius: 4px; font: .85em ui-monospace, "DejaVu Sans Mono", monospace; }
noscript p { padding: .7rem 1rem; }
@media (max-width: 62rem) {
  main { grid-template-columns: minmax(0, 1fr); }
  aside { position: static; max-block-size: none; }
  .view { block-size: 30rem; }
}
@media (max-width: 40rem) {
  input[type=search] { inline-size: 100%; }
  .tools label { flex: 1 1 40%; }
  .tools .check { flex: 1 1 100%; }
  .tools select { inline-size: 100%; }
  .legend .size { margin-inline-start: 0; }
}
@media print { .tools, .skip, .theme { display: none; } }
`;
