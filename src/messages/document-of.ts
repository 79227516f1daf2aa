import type { Message, MessageFacts } from '../model/message.ts';
import { digestDocument } from './digest-document.ts';
import { type Document, footerOf } from './document.ts';
import { operatorDocument } from './operator-document.ts';
import { rollUpDocument } from './roll-up-document.ts';
import type { Speaker } from './speak.ts';
import { taskDocument } from './task-document.ts';

/** What a message says in the speaker's language. Pure: the same message gives the same document. */
export function documentOf(message: Message, speaker: Speaker): Document {
  const { facts } = message;
  const footer = footerOf(message, speaker);
  const { frame } = speaker.words;
  if (facts.kind !== 'sample') return { ...bodyOf(facts, speaker), banner: null, footer };
  const body = bodyOf(facts.of, speaker);
  return { ...body, title: frame.sampleTitle(body.title), banner: frame.sampleBanner, footer };
}

/** The facts under a sample's wrapping. */
export function bareFacts(facts: MessageFacts): Exclude<MessageFacts, { kind: 'sample' }> {
  return facts.kind === 'sample' ? facts.of : facts;
}

function bodyOf(
  facts: Exclude<MessageFacts, { kind: 'sample' }>,
  speaker: Speaker,
): Omit<Document, 'banner' | 'footer'> {
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
