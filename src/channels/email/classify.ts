import type { DeliveryOutcome } from '../channel.ts';
import type { SmtpResult } from './smtp.ts';
import type { Refusal, SmtpTrouble } from './smtp-trouble.ts';

/** What the next try of a message must know: who has not got it yet, and whom the server refused for good. */
export interface Remaining {
  readonly left: readonly string[];
  /** Each as `address: answer`. */
  readonly refused: readonly string[];
}

/** Answers that speak of the login whatever they answer: authentication required, mechanism too weak, failed, encryption required. */
const LOGIN_CODES = [530, 534, 535, 538];

/**
 * One try as an outcome. `earlier` is what tries before it left, null at the first.
 * Recipients that a server refuses for good while others got the message do not make it undelivered: told again it would reach those others
 * twice and the refused ones never. They are named in the receipt.
 */
export function classifySend(result: SmtpResult, earlier: Remaining | null): DeliveryOutcome {
  const refusals = result.kind === 'accepted' ? result.refusals : result.trouble.refusals;
  if (result.kind === 'failed' && refusals.length === 0) return keepingResume(classifyTrouble(result.trouble), earlier);
  const later = refusals.filter((refusal) => !isPermanent(refusal));
  const refused = [...(earlier?.refused ?? []), ...refusals.filter(isPermanent).map(shown)];
  const got = result.kind === 'accepted' ? result.said : 'accepted earlier for the others';
  if (later.length > 0) {
    const resume: Remaining = { left: later.map(({ address }) => address), refused };
    return {
      outcome: 'retry',
      reason: `the server put off ${later.map(shown).join('; ')}`,
      resume: JSON.stringify(resume),
    };
  }
  if (result.kind === 'failed' && earlier === null) {
    return { outcome: 'rejected', reason: `the server refused every recipient: ${refused.join('; ')}` };
  }
  return { outcome: 'delivered', receipt: refused.length === 0 ? got : `${got} (refused for ${refused.join('; ')})` };
}

/** The lane keeps what is left only as long as each outcome says it. */
function keepingResume(outcome: DeliveryOutcome, earlier: Remaining | null): DeliveryOutcome {
  return outcome.outcome === 'retry' && earlier !== null ? { ...outcome, resume: JSON.stringify(earlier) } : outcome;
}

function isPermanent({ responseCode }: Refusal): boolean {
  return responseCode !== null && responseCode >= 500 && responseCode !== 503;
}

function shown({ address, said }: Refusal): string {
  return `${address}: ${said}`;
}

/** A try that reached no recipient, or that was not answered. */
export function classifyTrouble(trouble: SmtpTrouble): DeliveryOutcome {
  const { stage, code, responseCode } = trouble;
  if (responseCode === null || responseCode < 400 || responseCode > 599) return classifySilence(trouble);
  const reason = `the mail server answered ${trouble.said}${remedy(trouble)}`;
  // 503 says that the session was out of step, not that the message is refused.
  if (responseCode < 500 || responseCode === 503) return { outcome: 'retry', reason };
  const ofTheLogin = stage === 'login' || stage === 'connect' || code === 'EAUTH' || LOGIN_CODES.includes(responseCode);
  return ofTheLogin ? { outcome: 'down', reason } : { outcome: 'rejected', reason };
}

function classifySilence(trouble: SmtpTrouble): DeliveryOutcome {
  const { stage, code } = trouble;
  const why = `${code ?? 'stopped'}${remedy(trouble)}`;
  if (code === 'ENOAUTH')
    return { outcome: 'down', reason: 'the mail server offers no login, but a user and password are configured' };
  if (code === 'EAUTH') return { outcome: 'down', reason: `the login cannot be done (${why})` };
  if (stage === 'sent')
    return { outcome: 'unknown', reason: `no answer from the mail server after the message was sent (${why})` };
  if (code === 'EMESSAGE' || code === 'EENVELOPE') {
    return {
      outcome: 'rejected',
      reason: `the message is larger than the mail server takes, or an address is not valid (${why})`,
    };
  }
  const where = {
    connect: 'not reached',
    login: 'lost during the login',
    envelope: 'lost before the message',
    body: 'lost within the message',
  };
  return { outcome: 'retry', reason: `the mail server was ${where[stage]} (${why}), nothing was accepted` };
}

function remedy({ code, stage, said }: SmtpTrouble): string {
  if (code === 'ETLS' && said !== null)
    return '; it does not offer STARTTLS, ?tls=optional in the address does without';
  if (stage === 'connect' && code !== null && /CERT|ISSUER|SIGNATURE|CHAIN/.test(code)) {
    return '; its certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS, or put ?tls=unverified into the address';
  }
  return '';
}
