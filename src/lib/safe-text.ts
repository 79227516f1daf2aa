/** Controls, line and paragraph separators, what nobody sees (bidi marks, zero-width characters, tags, …), half characters. JSON lets most of them pass. */
const UNPRINTABLE =
  /(?![\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** One line that no terminal or log reader can misread: each such character becomes `\uXXXX`, which is also its JSON form. */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (mark) => mark.split('').map(escaped).join(''));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
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
