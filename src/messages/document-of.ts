import type { Message, MessageFacts } from '../model/message.ts';
import { digestDocument } from './digest-document.ts';
import { type Document, type DocumentBody, footerOf } from './document.ts';
import { operatorDocument } from './operator-document.ts';
import { pageLink } from './page-link.ts';
import { rollUpDocument } from './roll-up-document.ts';
import type { Speaker } from './speak.ts';
import { taskDocument } from './task-document.ts';

/** What a message says in the speaker's language. Pure: the same message gives the same document. */
export function documentOf(message: Message, speaker: Speaker): Document {
  const { facts } = message;
  const framed = { footer: footerOf(message, speaker), page: pageLink(facts, speaker) };
  const { frame } = speaker.words;
  if (facts.kind !== 'sample') return { ...bodyOf(facts, speaker), banner: null, ...framed };
  const body = bodyOf(facts.of, speaker);
  return { ...body, title: frame.sampleTitle(body.title), banner: frame.sampleBanner, ...framed };
}

/** The facts under a sample's wrapping. */
export function bareFacts(facts: MessageFacts): Exclude<MessageFacts, { kind: 'sample' }> {
  return facts.kind === 'sample' ? facts.of : facts;
}

function bodyOf(facts: Exclude<MessageFacts, { kind: 'sample' }>, speaker: Speaker): DocumentBody {
  switch (facts.kind) {
    case 'task':
      return taskDocument(facts, speaker);
    case 'roll-up':
      return rollUpDocument(facts, speaker);
    case 'operator':
      return operatorDocument(facts, speaker);
    case 'digest':
      return digestDocument(facts, speaker);
  }
}
