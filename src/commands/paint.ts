import { NO_PAINT, type Paint } from '../messages/lay-out.ts';

const ESC = String.fromCharCode(0x1b);
const sgr =
  (codes: string) =>
  (text: string): string =>
    `${ESC}[${codes}m${text}${ESC}[0m`;

/** Bold red, for whole lines whose words already say it. */
export const alarm = sgr('1;31');

/** Colours that only repeat what the words say, or none. */
export function paintFor(colour: boolean): Paint {
  if (!colour) return NO_PAINT;
  const bold = sgr('1');
  const title = (text: string, tone: string): string => (tone === 'danger' ? alarm(text) : bold(text));
  return { title, warning: alarm, heading: title, strong: bold, quiet: sgr('2'), command: sgr('36') };
}
