/** Proofs and findings as what is said of them, where they are declared. */
import { type Diagnostic, type Related, type Result, report, type Span } from "../diagnostics/index.ts";
import type { Model } from "../model/index.ts";
import { studyNevers, type Violation } from "./nevers.ts";
import { type Finding, type Findings, findUnused } from "./unused.ts";
import { namesInWords, requestInWords } from "./words.ts";

/** Where things are declared: `grant acmeReads`, `never partners never refund`. */
export type Places = ReadonlyMap<string, Span>;

/** Every `never` that does not hold, at the grants that break it. */
export function sayNevers(model: Model, places: Places): readonly Diagnostic[] {
  const { violations, empty } = studyNevers(model);
  return [
    ...violations.map((violation) => sayViolation(violation, places)),
    ...empty.map(({ name }) => report("WRIT4104", places.get(`never ${name}`), { never: name })),
  ];
}

function sayViolation({ never, counterexample, grants }: Violation, places: Places): Diagnostic {
  const { decision, input } = counterexample;
  const [first, ...others] = grants.map((name) => places.get(`grant ${name}`));
  const related = [
    ...relatedTo(places.get(`never ${never.name}`), "it is said here"),
    ...others.flatMap((span) => relatedTo(span, "it needs this too")),
  ];
  const request = requestInWords(decision.identity ?? "", input);
  return report("WRIT4101", first, { never: never.name, request }, { related });
}

/** Everything that could be left out, and how much was looked at for it. */
export function sayUnused(model: Model, places: Places): Result<Findings["looked"]> {
  const { findings, looked } = findUnused(model);
  return { value: looked, diagnostics: findings.map((finding) => sayFinding(finding, places)) };
}

function sayFinding(finding: Finding, places: Places): Diagnostic {
  if (finding.kind === "unreachable") {
    const { api, operations, why } = finding;
    const parameters = { operations: namesInWords(operations), why };
    const related = operations.slice(0, 3).flatMap((name) => relatedTo(places.get(`operation ${name}`), "it is here"));
    return report("WRIT4115", places.get(`api ${api}`), parameters, { related });
  }
  const { rule } = finding;
  const kind = "emergency" in rule ? "grant" : "deny";
  const what = "emergency" in rule && rule.emergency ? "this emergency" : `this ${kind}`;
  const place = places.get(`${kind} ${rule.name}`);
  switch (finding.kind) {
    case "dead":
      return report("WRIT4110", place, { what, why: finding.why });
    case "always-holds":
      return report("WRIT4113", places.get(`when ${rule.name}`), { what });
    case "shadowed": {
      const by = namesInWords(finding.by);
      const related = finding.by
        .slice(0, 3)
        .flatMap((name) => relatedTo(places.get(`${kind} ${name}`), `\`${name}\` is here`));
      if (kind === "deny") return report("WRIT4112", place, { by }, { related });
      return report(what === "this emergency" ? "WRIT4116" : "WRIT4111", place, { by }, { related });
    }
  }
}

function relatedTo(span: Span | undefined, message: string): readonly Related[] {
  return span ? [{ span, message }] : [];
}
