/** Pictures, drawn as SVG with attributes alone (no style in them, so a strict CSP shows them). A state is a shape before it is a colour. */
import { Html, html, nothing } from "../html/index.ts";
import { type GatewayState, gatewayStates } from "./state.ts";

/** In a field of 10 × 10; what is current is quiet, what is not stands out. */
const SHAPES: Readonly<Record<GatewayState, string>> = {
  current: "m1 1h8v8h-8z",
  behind: "m5 .5l4.5 9h-9z",
  stale: "m.5 3.5h9v3h-9z",
  silent: "m.5 .5h9v9h-9zm2 2v5h5v-5z",
  trouble: "m.5 2.5l2-2 2.5 2.5 2.5-2.5 2 2-2.5 2.5 2.5 2.5-2 2-2.5-2.5-2.5 2.5-2-2 2.5-2.5z",
};

const STEP = 13;
/** So few squares are drawn larger. */
const FEW = 20;

/** One small square, beside the word for it. */
export function mark(state: GatewayState): Html {
  return html`<svg class="mark" width="10" height="10" aria-hidden="true"><path class="${state}" d="M0 0${SHAPES[state]}"/></svg>`;
}

/** A square for each gateway, in the given order, in rows: one path for each state, however many there are. */
export function squares(states: readonly GatewayState[], columns: number, label: string): Html {
  const wide = Math.min(columns, Math.max(1, states.length));
  const [width, height] = [wide * STEP, Math.ceil(states.length / wide) * STEP];
  const scale = states.length <= FEW ? 1.5 : 1;
  const paths = gatewayStates.map((state) => {
    const shapes = states.flatMap((each, index) =>
      each === state ? [`M${(index % wide) * STEP + 1} ${Math.floor(index / wide) * STEP + 1}${SHAPES[state]}`] : [],
    );
    return shapes.length === 0 ? nothing : html`<path class="${state}" d="${new Html(shapes.join(""))}"/>`;
  });
  return html`<svg class="squares" role="img" width="${width * scale}" height="${height * scale}" viewBox="0 0 ${width} ${height}" aria-label="${label}">${paths}</svg>`;
}

const BAR = 600;

/** Shares of a whole: full height for what is done, half for what is missing, an outline for what is silent. */
export function shares(enforced: number, missing: number, silent: number, label: string): Html {
  const all = Math.max(1, enforced + missing + silent);
  const at = (amount: number) => String(Math.round((amount / all) * BAR * 10) / 10);
  return html`<svg class="shares" role="img" viewBox="0 0 ${BAR} 16" preserveAspectRatio="none" aria-label="${label}"><rect class="track" x=".5" y=".5" width="${BAR - 1}" height="15"/><rect class="current" height="16" width="${at(enforced)}"/><rect class="behind" x="${at(enforced)}" y="8" height="8" width="${at(missing)}"/></svg>`;
}

/** How much of a limit is used up. */
export function gauge(value: number, limit: number): Html {
  const part = limit > 0 ? Math.min(1, value / limit) : 1;
  const state = value > limit ? "stale" : part > 2 / 3 ? "behind" : "current";
  const width = String(Math.round(part * 800) / 10);
  return html`<svg class="gauge" width="80" height="8" aria-hidden="true"><rect class="track" x=".5" y=".5" width="79" height="7"/><rect class="${state}" height="8" width="${width}"/></svg>`;
}
