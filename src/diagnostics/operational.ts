/** The codes of operational errors, apart from the rest of the table: a gateway carries their sentences and no others. */
import { files } from "./codes/5-files.ts";
import { bundles } from "./codes/7-bundles.ts";

export const operational = { ...files, ...bundles };

export type OperationalCode = keyof typeof operational;

/** The parameters of a code's message. */
export type OperationalParameters<C extends OperationalCode> = (typeof operational)[C]["message"] extends (
  parameters: infer P,
) => string
  ? P
  : never;
