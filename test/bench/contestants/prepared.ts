/** What engines that know neither routes nor tokens must be told about each question; nobody's clock runs meanwhile. */
import { type Input, lookupIn } from "../../../src/model/index.ts";
import type { Estate } from "../speed-estate.ts";

/** The claims of a question of this estate. */
interface Claims {
  readonly sub: string;
  readonly aud: string;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  readonly scope: string;
  readonly cnf: { readonly "x5t#S256": string };
  readonly tenant: string;
}

export interface Prepared {
  readonly input: Input;
  readonly token: Claims;
  /** Numbers of the identity and, where the operation is declared, of the resource. */
  readonly caller: number;
  readonly resource: number | undefined;
  readonly action: string;
  /** What the operation needs. */
  readonly scope: string;
  readonly revoked: boolean;
  /** The tenant in the path. */
  readonly asked: string;
}

export function prepare({ model, revocations, inputs }: Estate): readonly Prepared[] {
  const lookup = lookupIn(model);
  return inputs.map((input) => {
    const { host, method, path } = input.request;
    const match = lookup.operation(host, method, path.slice(1).split("/"));
    const [scope = "none:none"] = match?.found.operation.scopes ?? [];
    const [resource = "", action = ""] = scope.split(":");
    const token = input.token as unknown as Claims;
    return {
      input,
      token,
      caller: Number(token.sub.slice("client-".length)),
      resource: match ? Number(resource.slice(1)) : undefined,
      action,
      scope,
      revoked: token.jti in (revocations.tokens?.corp ?? {}),
      asked: match?.parameters.get("tenant") ?? "",
    };
  });
}
