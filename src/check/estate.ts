/** Everything that the words of all files have said so far, and how a name is looked up among it. */
import { type Diagnostic, report, type Source, type Span } from "../diagnostics/index.ts";
import type { DataFile } from "../documents/index.ts";
import type { Deny, Example, Grant, Group, Identity, Issuer, NamedCondition, Never, Tier } from "../model/index.ts";
import type { ArrayLiteral, Expression, Identifier, ObjectLiteral } from "../syntax/index.ts";
import type { Binding, Program, Target } from "./bind.ts";
import type { ConditionSize } from "./condition-size.ts";
import type { DeclaredApi } from "./declared-api.ts";
import type { Reached } from "./holders.ts";
import { importText } from "./import-path.ts";
import type { Expanded } from "./patterns.ts";
import type { Element, Entry } from "./shape.ts";
import type { Suggester } from "./suggester.ts";
import { Vocabulary } from "./vocabulary.ts";
import type { Thing, Word } from "./word.ts";

/**
 * Gives the data files that policies name: `fleet.json` is relative to the policy folder, `npm:package/path.json` inside an
 * installed package. A diagnostic says why there is none.
 */
export type DataFiles = (reference: string) => DataFile | Diagnostic | undefined;

/** A part of the model with the places of its properties, which are looked for only when there is something to say. */
export interface Declared<T> {
  readonly value: T;
  /** The place of a property, or of one entry in it; of the name when there is no such property. */
  readonly at: (property?: string, inside?: string | number) => Span;
}

/** A grant, an emergency or a deny. */
export type DeclaredRule = {
  readonly reached: Reached;
  readonly patterns: Expanded["patterns"];
  /** What the author wrote for a property. */
  readonly written: (property: string) => Expression | undefined;
} & (({ readonly kind: "grant" | "emergency" } & Declared<Grant>) | ({ readonly kind: "deny" } & Declared<Deny>));

/** A `never` with what its author wrote. */
export type DeclaredNever = Declared<Never> & Pick<DeclaredRule, "written"> & { readonly kind: "never" };

/** How many declarations may be understood one in the midst of another, where each is used above where it stands. */
const deepest = 64;

export class Estate {
  readonly program: Program;
  readonly suggester: Suggester;
  readonly dataFiles: DataFiles;
  readonly vocabulary = new Vocabulary();
  readonly tiers = new Map<string, Declared<Tier>>();
  readonly issuers = new Map<string, Declared<Issuer>>();
  readonly issuersByUrl = new Map<string, Declared<Issuer>>();
  readonly identities = new Map<string, Declared<Identity>>();
  readonly groups: Group[] = [];
  readonly apis: DeclaredApi[] = [];
  readonly conditions = new Map<string, NamedCondition>();
  readonly conditionSizes = new Map<string, ConditionSize>();
  readonly rules: DeclaredRule[] = [];
  readonly nevers: DeclaredNever[] = [];
  readonly examples: Example[] = [];
  /** Every `minTrust` that is written. */
  readonly demands: { readonly trust: number; readonly span: Span }[] = [];
  /** Every list of scopes that an operation needs together. */
  readonly together: (readonly { readonly scope: string; readonly span: Span }[])[] = [];
  readonly positions = new Map<string, Span>();
  /** Texts of data files, for frames. */
  readonly sources: Source[] = [];
  readonly diagnostics: Diagnostic[] = [];
  /** Objects and lists with what is spread into them: constants can hold each other many times over. */
  readonly laidOpen = {
    objects: new Map<ObjectLiteral, ReadonlyMap<string, Entry> | undefined>(),
    lists: new Map<ArrayLiteral, readonly Element[] | undefined>(),
  };
  readonly #words: ReadonlyMap<string, Word>;
  #nesting = 0;
  readonly #things = new Map<Binding, Thing | "open" | "broken">();

  constructor(program: Program, words: ReadonlyMap<string, Word>, suggester: Suggester, dataFiles: DataFiles) {
    this.program = program;
    this.suggester = suggester;
    this.#words = words;
    this.dataFiles = dataFiles;
  }

  readonly report = (diagnostic: Diagnostic): undefined => {
    this.diagnostics.push(diagnostic);
    return undefined;
  };

  /** What a name means where it stands; `undefined` once it is reported that it means nothing. */
  resolve({ name, span }: Identifier): Exclude<Target, { kind: "broken" }> | undefined {
    const scope = this.program.scopes.get(span.path);
    const target = scope?.get(name);
    if (target) return target.kind === "broken" ? undefined : target;
    if (this.#words.has(name) || name === "cidr") return this.#reportMissingImport(name, span);
    const help = this.#importOf(name, span.path) ?? this.suggester.help(name, scope?.keys() ?? []);
    return this.report(report("WRIT2001", span, { name }, help));
  }

  /** The line that is forgotten where another file exports the name. */
  #importOf(name: string, from: string): { readonly help: string } | undefined {
    const there = this.program.bindings.find((b) => b.exported && b.word !== undefined && b.name === name);
    return there && { help: `write \`import { ${name} } from "${importText(from, there.path)}";\`` };
  }

  #reportMissingImport(name: string, span: Span): undefined {
    const line = `import { ${name} } from "writ";`;
    const start = { path: span.path, start: 0, end: 0 };
    const fix = { title: `import \`${name}\``, safe: true, edits: [{ span: start, text: `${line}\n` }] };
    return this.report(report("WRIT2001", span, { name }, { help: `write \`${line}\``, fix }));
  }

  /** The thing that a word's constant stands for; `undefined` where it is already reported that there is none. */
  thing(binding: Binding): Thing | undefined {
    const known = this.#things.get(binding);
    if (known === "open") {
      this.report(report("WRIT2021", binding.nameSpan, { name: binding.name }));
      this.#things.set(binding, "broken");
      return undefined;
    }
    if (known) return known === "broken" ? undefined : known;
    if (this.#nesting === deepest) {
      this.#things.set(binding, "broken");
      return this.report(report("WRIT2140", binding.nameSpan, { what: "declarations", limit: deepest }));
    }
    this.#things.set(binding, "open");
    this.#nesting++;
    const { value } = binding.declaration;
    const word = this.#words.get(binding.word ?? "");
    const thing =
      word && value.kind === "call"
        ? word.define({ call: value, name: binding.name, nameSpan: binding.nameSpan }, this)
        : undefined;
    this.#nesting--;
    const broken = this.#things.get(binding) === "broken" || !thing;
    this.#things.set(binding, broken ? "broken" : thing);
    return broken ? undefined : thing;
  }

  /**
   * Whether some declaration is meant for this word and was not understood: what is missed under its name, or under any name,
   * may be what it says, and why it says nothing is reported already.
   */
  missed(words: readonly string[], name?: string): boolean {
    return this.program.bindings.some(
      (binding) =>
        (name === undefined || binding.name === name) &&
        binding.declaration.value.kind === "call" &&
        (binding.word === undefined ? name !== undefined : words.includes(binding.word)) &&
        typeof (this.#things.get(binding) ?? "broken") === "string",
    );
  }

  /** Remembers where a thing is declared, for whoever later speaks of it. */
  place(kind: string, name: string, span: Span): void {
    this.positions.set(`${kind} ${name}`, span);
  }
}
