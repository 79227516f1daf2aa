/** DEL and C1 controls, line and paragraph separators, marks that turn the writing direction, the byte order mark. JSON lets all of them pass. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** One line that no terminal or log reader can misread: each such character becomes `\uXXXX`, which is also its JSON form. */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  // user:password@ of any address
  [/(\w:\/\/)[^\s/"'<>@]+@/g, '$1[secret]@'],
  // the path of a Slack hook is its password
  [/(hooks\.slack(?:-gov)?\.com\/)[^\s"'<>\\]+/gi, '$1[secret]'],
];

/** A net under the `Secret` type: addresses with a password and Slack hooks inside texts that come from libraries. */
export function hideCredentials(text: string): string {
  return CREDENTIALS.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text);
}
