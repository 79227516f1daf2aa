/** One thing that is wrong with a configuration. `message` is one sentence with the value (never a secret one) and what is allowed. */
export interface Problem {
  /** The option's dotted name, or the environment variable's; empty when the file as a whole is meant. */
  readonly path: string;
  readonly message: string;
}

/** Where an option is: keys, and indexes from 0. */
export type Path = readonly (string | number)[];

/** A problem before its option is named: `says` is the sentence after the name, without the full stop. */
export interface Finding {
  readonly path: Path;
  readonly says: string;
}

/** `accounts[0].secretKey`, `channels.ops-slack.url`; keys that would be misread are quoted. */
export function pathName(path: Path): string {
  return path.reduce<string>((name, step) => {
    if (typeof step === 'number') return `${name}[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `${name}[${JSON.stringify(step)}]`;
    return name === '' ? step : `${name}.${step}`;
  }, '');
}

/** True when `path` is `ancestor` itself or lies within it. */
export function isWithin(path: Path, ancestor: Path): boolean {
  return ancestor.every((step, index) => path[index] === step);
}
