import type { DeliveryOutcome, RefusedRecipient } from '../channel.ts';
import type { SmtpResult } from './smtp.ts';
import type { Refusal, SmtpTrouble } from './smtp-trouble.ts';

/** What the next try of a message must know: who has not got it yet, whom the server refused for good, and whether anyone has it. */
export interface Remaining {
  readonly left: readonly string[];
  readonly refused: readonly RefusedRecipient[];
  readonly reached: boolean;
}

/** Answers that speak of the login whatever they answer: authentication required, mechanism too weak, failed, encryption required. */
const LOGIN_CODES = [530, 534, 535, 538];

/**
 * One try as an outcome. `earlier` is what tries before it left, null at the first.
 * Recipients that a server refuses for good while others got the message do not make it undelivered: told again it would reach those others
 * twice and the refused ones never. They are named.
 */
export function classifySend(result: SmtpResult, earlier: Remaining | null): DeliveryOutcome {
  const refusals = result.kind === 'accepted' ? result.refusals : result.trouble.refusals;
  if (result.kind === 'failed' && refusals.length === 0) return keepingResume(classifyTrouble(result.trouble), earlier);
  const reached = result.kind === 'accepted' || (earlier?.reached ?? false);
  if (!reached && refusals.every(isOfTheLogin))
    return { outcome: 'down', reason: `the mail server refused every recipient: ${refusals.map(shown).join('; ')}` };
  const later = refusals.filter((refusal) => !isPermanent(refusal));
  const forGood = refusals.filter(isPermanent).map(({ address, said }) => ({ address, said }));
  const refused = [...(earlier?.refused ?? []), ...forGood];
  if (later.length > 0) {
    const resume: Remaining = { left: later.map(({ address }) => address), refused, reached };
    return {
      outcome: 'retry',
      reason: `the server put off ${later.map(shown).join('; ')}`,
      resume: JSON.stringify(resume),
    };
  }
  const whom = refused.map(shown).join('; ');
  if (!reached) return { outcome: 'rejected', reason: `the server refused every recipient: ${whom}` };
  const got = result.kind === 'accepted' ? result.said : 'accepted earlier for the others';
  if (refused.length === 0) return { outcome: 'delivered', receipt: got };
  return { outcome: 'delivered', receipt: `${got} (refused for ${whom})`, refused };
}

/** The lane keeps what is left only as long as each outcome says it. */
function keepingResume(outcome: DeliveryOutcome, earlier: Remaining | null): DeliveryOutcome {
  return outcome.outcome === 'retry' && earlier !== null ? { ...outcome, resume: JSON.stringify(earlier) } : outcome;
}

function isPermanent({ responseCode }: Refusal): boolean {
  return responseCode !== null && responseCode >= 500 && responseCode !== 503;
}

function isOfTheLogin({ responseCode }: Refusal): boolean {
  return responseCode !== null && LOGIN_CODES.includes(responseCode);
}

function shown({ address, said }: RefusedRecipient): string {
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
  // As with a login that fails: nothing goes through until someone acts.
  if (isOfTheCertificate(trouble)) return { outcome: 'down', reason: `the mail server's TLS cannot be used (${why})` };
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

function isOfTheCertificate({ code, stage }: SmtpTrouble): boolean {
  return stage === 'connect' && code !== null && /CERT|ISSUER|SIGNATURE|CHAIN/.test(code);
}

function remedy(trouble: SmtpTrouble): string {
  const { code, responseCode } = trouble;
  if (code === 'ETLS' && responseCode !== null && responseCode >= 500)
    return '; it does not offer STARTTLS, ?tls=optional in the address does without';
  if (isOfTheCertificate(trouble)) {
    return '; its certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS, or put ?tls=unverified into the address';
  }
  return '';
}
