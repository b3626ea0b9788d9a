/** What comes with a request besides its path: headers, and the address of the client. */
import { own, parseIp } from "../model/index.ts";
import { type Atom, always, type Dimension, type Draft, type Formula } from "./formula.ts";
import { type AskedAtom, Atoms, type Listed } from "./phrases.ts";
import { type Place, TextTerm, type Value } from "./terms.ts";
import { type TextTest, textsFor } from "./texts.ts";

type Header = string | readonly string[] | undefined;

export class HeaderTerm extends TextTerm {
  readonly key: string;
  readonly title: string;
  readonly order = 300;
  readonly #name: string;
  readonly #atoms: Atoms<Header>;

  constructor(name: string) {
    super();
    this.#name = name;
    this.key = `header ${name}`;
    this.title = `header ${name}`;
    const dimension: Dimension<Header> = {
      key: this.key,
      rank: 8,
      read: ({ input }) => own(input.request.headers ?? {}, name) as Header,
      write: (value, draft) => this.#set(value, draft),
      pool: (atoms) => [
        undefined,
        ...textsFor(testsOf(atoms), { kind: "any", filler: `${name}-in-header`, avoided: this.asked.avoided }),
        ["twice", "sent"],
      ],
      words: (cells, others) => this.#atoms.words(this.title, cells, others, headerListed),
    };
    this.#atoms = new Atoms(() => dimension);
  }

  get known(): Formula {
    return this.#atoms.ask("known", {
      holds: (value) => value === undefined || singleOf(value) !== undefined,
      says: (answer) => (answer ? "does not come more than once" : "comes more than once or is empty"),
    });
  }

  protected override isText(): Formula {
    return this.#atoms.ask("is text", {
      holds: (value) => singleOf(value) !== undefined,
      says: (answer) => (answer ? "is there once" : "is not there once"),
    });
  }

  text(test: TextTest): Formula {
    return this.#atoms.askText(this.asked.text(test), singleOf);
  }

  read({ headers }: Place): Value | undefined {
    return singleOf(own(headers, this.#name) as Header);
  }

  write(value: Value, draft: Draft): void {
    this.#set(String(value), draft);
  }

  #set(header: Header, draft: Draft): void {
    if (header === undefined) return;
    const value = typeof header === "string" ? header : [...header];
    const property = { value, enumerable: true, configurable: true, writable: true };
    draft.headers = Object.defineProperty({ ...draft.headers }, this.#name, property);
  }
}

/** What is read of a header: it came once, on its own or as a list of one. */
function singleOf(header: Header): string | undefined {
  if (header === undefined || typeof header === "string") return header;
  return header.length === 1 ? header[0] : undefined;
}

function headerListed(header: Header): Listed {
  if (header === undefined) return "absent";
  return typeof header === "string" ? { is: header } : undefined;
}

export class AddressTerm extends TextTerm {
  readonly key = "ip";
  readonly title = "request.ip";
  readonly order = 1;
  readonly #atoms: Atoms<string | undefined>;

  constructor() {
    super();
    const dimension: Dimension<string | undefined> = {
      key: this.key,
      rank: 8,
      read: ({ input }) => input.request.ip,
      write: (value, draft) => {
        if (value !== undefined) draft.ip = value;
      },
      pool: (atoms) => [
        ...textsFor(testsOf(atoms), { kind: "any", filler: "unknown", avoided: [] }),
        "192.0.2.1",
        "2001:db8::1",
        undefined,
      ],
      words: (cells, others) =>
        this.#atoms.words(this.title, cells, others, (ip) => (ip === undefined ? ip : { is: ip })),
    };
    this.#atoms = new Atoms(() => dimension);
  }

  get known(): Formula {
    return this.#atoms.ask("known", {
      holds: isAddress,
      says: (answer) => (answer ? "is an address" : "is absent or no address"),
    });
  }

  override get present(): Formula {
    return always;
  }

  protected override isText(): Formula {
    return this.known;
  }

  text(test: TextTest): Formula {
    return this.#atoms.askText(this.asked.text(test), (ip) => (isAddress(ip) ? ip : undefined));
  }

  read({ ip }: Place): Value | undefined {
    return isAddress(ip) ? ip : undefined;
  }

  write(value: Value, draft: Draft): void {
    draft.ip = String(value);
  }
}

function isAddress(ip: string | undefined): ip is string {
  return ip !== undefined && parseIp(ip) !== undefined;
}

function testsOf<V>(atoms: readonly Atom<V>[]): readonly TextTest[] {
  return (atoms as readonly AskedAtom<V>[]).flatMap(({ text }) => text ?? []);
}
