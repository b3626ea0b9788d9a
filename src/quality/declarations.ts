/** What an estate declares, as people find it: each declaration with its name and its place. */
import type { Api, Identity, Model, Operation } from "../model/index.ts";

export interface Place {
  readonly path: string;
  readonly line: number;
}

export type Places = ReadonlyMap<string, Place>;

export type DeclarationKind =
  | "api"
  | "condition"
  | "deny"
  | "grant"
  | "group"
  | "identity"
  | "issuer"
  | "operation"
  | "tier";

export interface Declaration {
  readonly kind: DeclarationKind;
  readonly name: string;
  /** Absent where the model was compiled without its places. */
  readonly place?: Place;
}

/** `grant acmeOrders`: names of two kinds may be the same. */
export function declarationKey({ kind, name }: Pick<Declaration, "kind" | "name">): string {
  return `${kind} ${name}`;
}

export function declarationOf(kind: DeclarationKind, name: string, places: Places): Declaration {
  const place = places.get(name);
  return { kind, name, ...(place && { place }) };
}

/** Operations that one line of a policy file maps: one that is written there, or all that a document maps to the same needs. */
export interface Mapped {
  readonly declaration: Declaration;
  readonly api: Api;
  readonly operations: readonly Operation[];
  readonly public: boolean;
  readonly scopes: readonly string[];
  readonly minTrust: number;
}

/** `orders.example.com GET /v1/orders`, as decisions name it. */
export function operationName(api: Api, { method, template }: Operation): string {
  return `${api.host} ${method} ${template}`;
}

export function mappedOperations(model: Model, places: Places): readonly Mapped[] {
  return model.apis.flatMap((api) => {
    const groups = Map.groupBy(api.operations, (operation) => {
      const name = operationName(api, operation);
      const { public: open, scopes, minTrust } = operation;
      return isPolicy(places.get(name)) ? name : JSON.stringify([open, scopes, minTrust]);
    });
    return [...groups].map(([key, operations]): Mapped => {
      const [first] = operations as [Operation];
      const declaration =
        operations.length === 1 && key.startsWith(api.host)
          ? declarationOf("operation", key, places)
          : { ...declarationOf("api", api.name, places), kind: "operation" as const, name: nameOf(api, operations) };
      const { public: open, scopes, minTrust } = first;
      return { declaration, api, operations, public: open, scopes, minTrust };
    });
  });
}

function nameOf(api: Api, operations: readonly Operation[]): string {
  const [{ public: open, scopes, minTrust }] = operations as [Operation];
  const needs = open ? "public" : scopes.join(" + ");
  const trust = minTrust > 0 ? `, trust ${minTrust}` : "";
  return `${api.name}: ${needs}${trust} (${operations.length} of its document)`;
}

function isPolicy(place: Place | undefined): boolean {
  return place?.path.endsWith(".policy.ts") ?? false;
}

/** Identities that somebody wrote down one by one, apart from the rows of registries. */
export function isWrittenDown(identity: Identity, places: Places): boolean {
  return places.has(identity.name);
}
