import type { PageLink } from './page-link.ts';
import type { Speaker } from './speak.ts';

/** How a message feels: what a renderer makes of it is colour at most, never meaning. */
export type Tone = 'calm' | 'notice' | 'urgent' | 'danger' | 'good';

/**
 * What a message says, in one language, before a channel gives it a form. Every text is one clean line; texts from outside are cut but not
 * escaped: that is each renderer's own affair.
 */
export interface Document {
  readonly tone: Tone;
  /** One line: Slack's header, the mail's subject. */
  readonly title: string;
  /** One line for previews and notifications. */
  readonly summary: string;
  /** Says that the message is a sample; null when it is real. */
  readonly banner: string | null;
  /** What must not be overlooked: data loss. */
  readonly warning: string | null;
  readonly parts: readonly Part[];
  /** Small print: zone, part, reference. */
  readonly footer: readonly string[];
  /** Where the service's own page tells more; null: there is none. */
  readonly page: PageLink | null;
}

/** What a message is about; the frame of every message goes around it. */
export type DocumentBody = Omit<Document, 'banner' | 'footer' | 'page'>;

export type Part = SentencesPart | FactsPart | FiguresPart | CommandsPart | TasksPart | GroupsPart | LinesPart;

export interface SentencesPart {
  readonly part: 'sentences';
  readonly heading: string | null;
  readonly sentences: readonly string[];
  /** Text of the vendor's, shown as a quotation. */
  readonly quoted: boolean;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly strong: boolean;
}

export interface FactsPart {
  readonly part: 'facts';
  readonly facts: readonly Fact[];
}

export interface FiguresPart {
  readonly part: 'figures';
  readonly figures: readonly { readonly label: string; readonly value: number; readonly alarming: boolean }[];
}

export interface CommandsPart {
  readonly part: 'commands';
  readonly heading: string;
  readonly intro: string;
  readonly commands: readonly { readonly label: string; readonly line: string; readonly cautious: boolean }[];
}

/** A task in a list, as pieces that each renderer arranges. */
export interface TaskRow {
  /** The same for the same task of the same account. */
  readonly key: string;
  /** Its own line everywhere, with instance and deadline, whatever else must be cut. */
  readonly dataLoss: boolean;
  readonly taskId: string;
  /** The instance's id, or what stands for it. */
  readonly instanceId: string;
  /** Alias and id. */
  readonly instance: string;
  readonly type: string;
  /** Account, zone, LAN IP. */
  readonly where: string;
  /** "starts by itself …"; null for a task that no longer waits. */
  readonly deadline: string | null;
  readonly deadlineShort: string | null;
  readonly allows: string;
  /** Who has taken it on, or what keeps it silent; null: neither. */
  readonly held: string | null;
  /** The same in full; then what happened, newest first. */
  readonly news: readonly string[];
}

export interface TasksPart {
  readonly part: 'tasks';
  readonly heading: string;
  readonly tone: Tone;
  readonly intro: string | null;
  /** Data-loss tasks first. */
  readonly rows: readonly TaskRow[];
}

export interface GroupRow {
  readonly head: string;
  readonly taskIds: readonly string[];
  /** At least `taskIds.length`. */
  readonly count: number;
}

export interface GroupsPart {
  readonly part: 'groups';
  readonly heading: string;
  readonly groups: readonly GroupRow[];
}

export interface LinesPart {
  readonly part: 'lines';
  readonly heading: string | null;
  readonly tone: Tone;
  readonly lines: readonly string[];
}

/** One or more plain sentences under an optional heading. */
export function sentences(heading: string | null, texts: readonly string[]): SentencesPart {
  return { part: 'sentences', heading, sentences: texts, quoted: false };
}

/** The parts that say something; a list without rows is left out. */
export function nonEmpty(parts: readonly Part[]): Part[] {
  return parts.filter((part) => sizeOf(part) > 0);
}

function sizeOf(part: Part): number {
  if (part.part === 'sentences') return part.sentences.length;
  if (part.part === 'facts') return part.facts.length;
  if (part.part === 'figures') return part.figures.length;
  if (part.part === 'commands') return part.commands.length;
  if (part.part === 'tasks') return part.rows.length;
  return part.part === 'groups' ? part.groups.length : part.lines.length;
}

/** Small print under every message. */
export function footerOf(message: { key: string; part: number; parts: number }, speaker: Speaker): string[] {
  const { frame } = speaker.words;
  return [
    frame.reference(speaker.outside(message.key)),
    ...(message.parts > 1 ? [frame.part(message.part, message.parts)] : []),
    frame.zone(speaker.timezone),
  ];
}
