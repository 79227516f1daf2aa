import type { ReceivedMail } from '../sandbox/mail-server.ts';
import { type StyledLine, styled } from './styled-line.ts';

const LINES_SHOWN = 14;

/** A mail as a mail program previews it: who, what, and its first lines. */
export function viewMail({ email, recipients }: ReceivedMail): readonly StyledLine[] {
  const text = (email.text ?? '').split(/\r?\n/);
  const shown = text.slice(0, LINES_SHOWN);
  const rest = text.slice(LINES_SHOWN).filter((line) => line.trim() !== '').length;
  return [
    ...styled('quiet', `From: ${email.from?.address ?? '?'}   To: ${recipients.join(', ')}`),
    ...styled('strong', email.subject ?? ''),
    ...styled('plain', '', ...shown),
    ...(rest === 0 ? [] : styled('quiet', `… and ${rest} more lines`)),
  ];
}
