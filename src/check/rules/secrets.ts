/** A policy holds ids and never secrets: texts with the shape of a key are refused wherever they stand (OWASP NHI2). */
import { report } from "../../diagnostics/index.ts";
import type { Tree } from "../../syntax/index.ts";
import type { Estate } from "../estate.ts";
import { usesOf } from "../walk.ts";

const shapes: readonly { readonly kind: string; readonly shape: RegExp }[] = [
  { kind: "a private key", shape: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { kind: "an AWS access key", shape: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { kind: "a GitHub token", shape: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})/ },
  { kind: "a GitLab token", shape: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { kind: "a Slack token", shape: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/ },
  { kind: "a Stripe key", shape: /\b[rs]k_live_[A-Za-z0-9]{16,}/ },
  { kind: "a Google API key", shape: /\bAIza[A-Za-z0-9_-]{35}/ },
  { kind: "an npm token", shape: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { kind: "a signed token", shape: /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/ },
];

/** What a text looks like, if it looks like a secret. */
export function secretKind(text: string): string | undefined {
  return text.length < 16 ? undefined : shapes.find(({ shape }) => shape.test(text))?.kind;
}

export function checkSecrets(estate: Estate, trees: readonly Tree[]): void {
  for (const tree of trees) {
    for (const { value, span } of usesOf(tree).texts) {
      const kind = secretKind(value);
      if (kind) estate.report(report("WRIT3022", span, { kind }));
    }
  }
  for (const { value, at } of estate.identities.values()) {
    for (const { id } of value.keys) {
      const kind = secretKind(id);
      const place = at("keys", id);
      // What a policy file says is found above already.
      if (kind && !place.path.endsWith(".policy.ts")) estate.report(report("WRIT3022", place, { kind }));
    }
  }
}
