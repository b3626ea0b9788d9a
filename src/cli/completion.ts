/** `writ completion SHELL`: a script made from the commands themselves, so that it never lags behind. */
import type { Command } from "commander";
import type { Host } from "./host.ts";
import { type Exit, exits } from "./output.ts";

interface Completion {
  /** The words before: none, or a command and its subcommand. */
  readonly path: readonly string[];
  readonly description: string;
  /** What may follow: subcommands, fixed arguments, options. */
  readonly words: readonly string[];
}

export function completion(host: Host, shell: "bash" | "zsh" | "fish", program: Command): Exit {
  const all = completionsOf(program, []);
  host.print({ bash, zsh, fish }[shell](all));
  return exits.ok;
}

function completionsOf(command: Command, path: readonly string[]): Completion[] {
  const subcommands = command.commands.map((sub) => sub.name());
  const fixed = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  const options = command.options.flatMap((option) => (option.long ? [option.long] : []));
  const own = { path, description: command.description(), words: [...subcommands, ...fixed, ...options, "--help"] };
  return [own, ...command.commands.flatMap((sub) => completionsOf(sub, [...path, sub.name()]))];
}

function bash(all: readonly Completion[]): string {
  const cases = all.map(({ path, words }) => `    ${quote(path.join(" "))}) words=${quote(words.join(" "))} ;;\n`);
  return `# Completion of writ for bash.
_writ() {
  local path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && continue
    case "$path $word" in
      ${all.flatMap(({ path }) => (path.length ? [quote(` ${path.join(" ")}`)] : [])).join("|")}) path="$path $word" ;;
    esac
  done
  case "\${path# }" in
${cases.join("")}  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}") $(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _writ writ
`;
}

/** zsh runs scripts for bash through its own layer. */
function zsh(all: readonly Completion[]): string {
  return `#compdef writ\nautoload -U +X bashcompinit && bashcompinit\n${bash(all)}`;
}

function fish(all: readonly Completion[]): string {
  const lines = all.flatMap(({ path, words }) => {
    const condition =
      path.length === 0
        ? "__fish_use_subcommand"
        : path.map((name) => `__fish_seen_subcommand_from ${name}`).join("; and ");
    return words.map((word) => {
      const description = all.find((other) => other.path.join(" ") === [...path, word].join(" "))?.description;
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-a ${quote(word)}`;
      return `complete -c writ -n ${quote(condition)} ${what}${description ? ` -d ${quote(description)}` : ""}\n`;
    });
  });
  return `# Completion of writ for fish.\n${lines.join("")}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
