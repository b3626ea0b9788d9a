/** The one table of codes. A number is never re-used and never changes its meaning; a retired one keeps its page. */

import { expressions } from "./codes/1-expressions.ts";
import { statements } from "./codes/1-statements.ts";
import { text } from "./codes/1-text.ts";
import { conditions } from "./codes/2-conditions.ts";
import { names } from "./codes/2-names.ts";
import { shapes } from "./codes/2-shapes.ts";
import { access } from "./codes/3-access.ts";
import { estate } from "./codes/3-estate.ts";
import { examples } from "./codes/4-examples.ts";
import { proofs } from "./codes/4-proofs.ts";
import { quality } from "./codes/4-quality.ts";
import { questions } from "./codes/4-questions.ts";
import { review } from "./codes/4-review.ts";
import { data } from "./codes/5-data.ts";
import { files } from "./codes/5-files.ts";
import { openapi } from "./codes/5-openapi.ts";
import { limits } from "./codes/6-limits.ts";
import { bundles } from "./codes/7-bundles.ts";
import { audit } from "./codes/8-audit.ts";
import { callers } from "./codes/8-callers.ts";
import { publish } from "./codes/8-publish.ts";
import { server } from "./codes/8-server.ts";
import { store } from "./codes/8-store.ts";
import { client } from "./codes/9-client.ts";
import { gateway } from "./codes/9-gateway.ts";
import { protocol } from "./codes/9-protocol.ts";
import { sidecar } from "./codes/9-sidecar.ts";
import { trust } from "./codes/9-trust.ts";
import type { Entry } from "./entry.ts";
import { speakBy } from "./sentences.ts";

export const table = {
  ...text,
  ...statements,
  ...expressions,
  ...names,
  ...shapes,
  ...conditions,
  ...estate,
  ...access,
  ...examples,
  ...quality,
  ...questions,
  ...review,
  ...proofs,
  ...data,
  ...openapi,
  ...files,
  ...limits,
  ...bundles,
  ...store,
  ...audit,
  ...callers,
  ...publish,
  ...server,
  ...gateway,
  ...trust,
  ...protocol,
  ...client,
  ...sidecar,
};

export type Code = keyof typeof table;

/** The parameters of a code's message. */
export type Parameters<C extends Code> = (typeof table)[C]["message"] extends (parameters: infer P) => string
  ? P
  : never;

// Not where it is used, so that nobody can forget it: whoever loads the table speaks by it.
speakBy((code, parameters) => {
  const { name, message, help } = table[code as Code] as Entry<unknown>;
  return { name, message: message(parameters), help: help?.(parameters) };
});
