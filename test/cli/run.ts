/** Runs a command in memory and gives back all that a person would see of it. */
import { run } from "../../src/cli/program.ts";
import { type MapFile, type MapHost, type MapHostOptions, mapHost } from "./map-host.ts";

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly host: MapHost;
}

/** @param line the command as it is typed, its words parted by single spaces; a list where a word holds one */
export async function writ(
  line: string | readonly string[],
  files: Readonly<Record<string, MapFile>> = {},
  options: MapHostOptions = {},
): Promise<Ran> {
  return again(line, mapHost(files, options));
}

/** The same in a world that earlier commands have left behind; what they printed is not given back again. */
export async function again(line: string | readonly string[], host: MapHost): Promise<Ran> {
  const [out, err] = [host.stdout().length, host.stderr().length];
  const exit = await run(typeof line === "string" ? line.split(" ") : line, host);
  return { exit, stdout: host.stdout().slice(out), stderr: host.stderr().slice(err), host };
}

/** The codes in front of messages, in their order. */
export function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/^(?:error|warning) (WRIT\d{4})/gm)].map(([, code = ""]) => code);
}
