/** Letters that look like ASCII letters (a part of Unicode's confusables, UTS #39): Cyrillic, Greek, Armenian, full width. */

const cyrillic = "аaбbвBгrдdеeз3З3іiїiјjкkмMнHоoрpсcтTуyхxѕsһhԁdԛqԝwАAВBЕEІIЈJКKМMНHОOРPСCТTХXЅSУYӏlѵvѴV";
const greek = "αaιiκkνvοoρpτtυuχxγyΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX";
const others = "օoսuհhոnցgԼLՕOѡwıiɡgɑaʋvƖlǀlℓlﬁf";

const pairs = (text: string): [string, string][] => {
  const characters = Array.from(text);
  const result: [string, string][] = [];
  for (let at = 0; at + 1 < characters.length; at += 2)
    result.push([characters[at] as string, characters[at + 1] as string]);
  return result;
};

/** U+FF01 to U+FF5E are the ASCII characters in full width. */
function fullWidth(): [string, string][] {
  const result: [string, string][] = [];
  for (let unit = 0xff01; unit <= 0xff5e; unit++)
    result.push([String.fromCharCode(unit), String.fromCharCode(unit - 0xfee0)]);
  return result;
}

export const confusables: ReadonlyMap<string, string> = new Map(
  [...pairs(cyrillic), ...pairs(greek), ...pairs(others), ...fullWidth()].filter(
    ([from, to]) => from > "\u007f" && /^[!-~]$/.test(to),
  ),
);
