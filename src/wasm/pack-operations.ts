/** Operations to rows: what each needs, which parts of the path conditions read, and what its upstream is told. */
import {
  type Api,
  type Model,
  type Operation,
  parseTemplate,
  type TemplateSegment,
  type UpstreamHeader,
} from "../model/index.ts";
import {
  OPERATION_API,
  OPERATION_MIN_TRUST,
  OPERATION_NAME,
  OPERATION_PARAMETER_COUNT,
  OPERATION_PARAMETERS,
  OPERATION_PUBLIC,
  OPERATION_SCOPE_COUNT,
  OPERATION_SCOPE_ROWS,
  OPERATION_SCOPES,
  OPERATION_SIZE,
  OPERATION_UPSTREAM,
  OPERATION_UPSTREAM_COUNT,
  PARAMETER_SIZE,
  PART_IDENTITY,
  PART_LITERAL,
  PART_OWNER,
  PART_SIZE,
  PART_SUBJECT,
  PART_TIER,
  UPSTREAM_SIZE,
} from "./layout.ts";
import type { Numbers } from "./numbers.ts";
import type { TableWriter } from "./table-writer.ts";

export interface PackedOperations {
  readonly address: number;
  readonly count: number;
  /** By place of the API and of the operation in it. */
  readonly rows: readonly (readonly number[])[];
}

/** @param scopeRows by name */
export function packOperations(
  writer: TableWriter,
  { apis }: Model,
  numbers: Numbers,
  scopeRows: ReadonlyMap<string, number>,
): PackedOperations {
  const count = apis.reduce((sum, { operations }) => sum + operations.length, 0);
  const address = writer.reserve(count * OPERATION_SIZE);
  let next = address;
  const rows = apis.map((api) =>
    api.operations.map((operation) => {
      const row = next;
      next += OPERATION_SIZE;
      packOperation(writer, row, api, operation, numbers);
      writer.word(row + OPERATION_SCOPE_ROWS, writer.list(operation.scopes.map((name) => scopeRows.get(name) ?? 0)));
      return row;
    }),
  );
  return { address, count, rows };
}

function packOperation(writer: TableWriter, row: number, api: Api, operation: Operation, numbers: Numbers): void {
  const { method, template, scopes, minTrust } = operation;
  writer.word(row + OPERATION_NAME, writer.text(`${api.host} ${method} ${template}`));
  writer.word(row + OPERATION_PUBLIC, operation.public ? 1 : 0);
  writer.word(row + OPERATION_MIN_TRUST, minTrust);
  writer.word(row + OPERATION_SCOPES, writer.list(scopes.map((name) => numbers.scopes.get(name)!)));
  writer.word(row + OPERATION_SCOPE_COUNT, scopes.length);
  writer.word(row + OPERATION_API, numbers.apis.get(api.name)!);
  const segments = parseTemplate(template);
  const parameters = "problem" in segments ? [] : parameterRows(segments, numbers);
  writer.word(row + OPERATION_PARAMETERS, writer.list(parameters));
  writer.word(row + OPERATION_PARAMETER_COUNT, (parameters.length * 4) / PARAMETER_SIZE);
  const upstream = upstreamRows(writer, api.headers, scopes);
  writer.word(row + OPERATION_UPSTREAM, writer.list(upstream));
  writer.word(row + OPERATION_UPSTREAM_COUNT, (upstream.length * 4) / UPSTREAM_SIZE);
}

/** Number, segment, and whether it takes the rest; of the parameters that a condition reads. */
function parameterRows(segments: readonly TemplateSegment[], { parameters }: Numbers): readonly number[] {
  return segments.flatMap((segment, i) => {
    const number = segment.kind === "literal" ? undefined : parameters.get(segment.name);
    return number === undefined ? [] : [number, i, segment.kind === "rest" ? 1 : 0];
  });
}

/** Name, parts, how many; of the headers that a call of the operation sends. */
function upstreamRows(
  writer: TableWriter,
  headers: readonly UpstreamHeader[],
  scopes: readonly string[],
): readonly number[] {
  return headers.flatMap((header) => {
    const parts = partsOf(writer, header, scopes);
    return parts ? [writer.text(header.name), writer.list(parts), (parts.length * 4) / PART_SIZE] : [];
  });
}

const placeholders: Readonly<Record<string, number>> = {
  "{identity}": PART_IDENTITY,
  "{owner}": PART_OWNER,
  "{subject}": PART_SUBJECT,
  "{tier}": PART_TIER,
};

/** Kind and text of each part; nothing where the header is not sent. */
function partsOf(
  writer: TableWriter,
  header: UpstreamHeader,
  scopes: readonly string[],
): readonly number[] | undefined {
  const literal = (text: string): readonly number[] => (text === "" ? [] : [PART_LITERAL, writer.text(text)]);
  if (header.kind === "by-scope") {
    const first = header.values.find(({ scope }) => scopes.includes(scope));
    return first && literal(first.value);
  }
  const pieces = header.text.split(/(\{(?:identity|owner|subject|tier)\})/);
  // Every second piece is what the expression matched.
  return pieces.flatMap((piece, i) => (i % 2 === 1 ? [placeholders[piece]!, 0] : literal(piece)));
}
