import { Option } from 'commander';

/** An option that holds a list: separated by commas, or given several times. */
export function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text, before: readonly string[] | undefined) => [
    ...(before ?? []),
    ...splitList(text),
  ]);
}

/** At commas, but not at `\,`; without the space around. */
function splitList(text: string): readonly string[] {
  return text.split(/(?<!\\),/).map((item) => item.replaceAll('\\,', ',').trim());
}
