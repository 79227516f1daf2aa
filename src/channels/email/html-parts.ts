import { type Html, html } from '../../lib/html.ts';
import type { Fact, GroupRow, Part, TaskRow, Tone } from '../../messages/document.ts';
import type { Speaker } from '../../messages/speak.ts';
import { INK, LINE, MONO, QUIET, TONES } from './theme.ts';

/** A part of a document as rows of the card's table; `rows` says which task rows are shown, the others stand in the CSV. */
export function htmlPart(part: Part, speaker: Speaker, shown: ReadonlySet<TaskRow>): Html {
  switch (part.part) {
    case 'sentences':
      return part.quoted
        ? quotation(part.heading, part.sentences)
        : section(part.heading, 'calm', part.sentences.map(paragraph));
    case 'facts':
      return factTable(part.facts);
    case 'figures':
      return figureRow(part.figures);
    case 'commands':
      return section(part.heading, 'calm', [paragraph(part.intro), ...part.commands.map(command)]);
    case 'tasks': {
      const rows = part.rows.filter((row) => shown.has(row));
      const hidden = part.rows.length - rows.length;
      return section(part.heading, part.tone, [
        ...(part.intro === null ? [] : [paragraph(part.intro)]),
        ...rows.map((row) => taskBlock(row, speaker)),
        ...(hidden > 0 ? [note(speaker.words.lists.moreAttached(hidden))] : []),
      ]);
    }
    case 'groups':
      return section(
        part.heading,
        'calm',
        part.groups.map((group) => groupBlock(group, speaker)),
      );
    case 'lines':
      return section(part.heading, part.tone, part.lines.map(lineBlock));
  }
}

/** A box for what must not be overlooked. */
export function box(text: string, tone: Tone): Html {
  const { accent, ground } = TONES[tone];
  return cell(
    html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td class="rw-b rw-${tone}" style="padding:12px 16px;background:${ground};border-left:4px solid ${accent};color:${accent};font-size:15px;line-height:22px;font-weight:600">${text}</td></tr></table>`,
    4,
    12,
  );
}

function cell(content: Html, top: number, bottom: number): Html {
  return html`<tr><td class="rw-p" style="padding:${top}px 28px ${bottom}px">${content}</td></tr>\n`;
}

function section(heading: string | null, tone: Tone, contents: readonly Html[]): Html {
  return cell(html`${heading === null ? null : headingOf(heading, tone)}${contents}`, heading === null ? 4 : 14, 6);
}

function headingOf(text: string, tone: Tone): Html {
  const colour = tone === 'calm' ? INK : TONES[tone].accent;
  const name = tone === 'calm' ? 'rw-i' : `rw-${tone}`;
  return html`<h2 class="${name}" style="margin:0 0 6px;font-size:15px;line-height:22px;font-weight:600;color:${colour}">${text}</h2>`;
}

function paragraph(text: string): Html {
  return html`<p class="rw-i" style="margin:0 0 6px;font-size:15px;line-height:22px;color:${INK}"><bdi>${text}</bdi></p>`;
}

function note(text: string): Html {
  return html`<p class="rw-q" style="margin:8px 0;font-size:13px;line-height:20px;color:${QUIET}">${text}</p>`;
}

function quotation(heading: string | null, texts: readonly string[]): Html {
  return cell(
    html`<p class="rw-q rw-l" style="margin:0;padding:2px 0 2px 12px;border-left:3px solid ${LINE};font-size:13px;line-height:20px;color:${QUIET}">${heading === null ? null : html`<strong style="font-weight:600">${heading}</strong><br>`}<bdi>${texts.join(' ')}</bdi></p>`,
    12,
    4,
  );
}

function factTable(facts: readonly Fact[]): Html {
  const row = ({ label, value, strong }: Fact): Html =>
    html`<tr><td class="rw-s rw-s-label rw-q rw-l" width="116" valign="top" style="padding:7px 12px 7px 0;border-bottom:1px solid ${LINE};font-size:13px;line-height:22px;color:${QUIET};white-space:nowrap">${label}</td><td class="rw-s rw-s-value rw-i rw-l" valign="top" style="padding:7px 0;border-bottom:1px solid ${LINE};font-size:15px;line-height:22px;color:${INK};word-break:break-word;${strong ? 'font-weight:600' : ''}"><bdi>${value}</bdi></td></tr>\n`;
  return cell(
    html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0">${facts.map(row)}</table>`,
    8,
    8,
  );
}

function figureRow(figures: readonly { label: string; value: number; alarming: boolean }[]): Html {
  const width = `${Math.floor(100 / Math.max(1, figures.length))}%`;
  const figure = ({ label, value, alarming }: { label: string; value: number; alarming: boolean }): Html => {
    const colour = alarming ? TONES.danger.accent : INK;
    return html`<td class="rw-b" width="${width}" align="center" valign="top" style="padding:10px 2px;background:${TONES.calm.ground}"><span class="rw-f ${alarming ? 'rw-danger' : 'rw-i'}" style="display:block;font-size:22px;line-height:28px;font-weight:600;color:${colour}">${value}</span><span class="${alarming ? 'rw-danger' : 'rw-q'}" style="display:block;font-size:12px;line-height:16px;color:${alarming ? colour : QUIET}">${label}</span></td>`;
  };
  return cell(
    html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="table-layout:fixed"><tr>${figures.map(figure)}</tr></table>`,
    8,
    8,
  );
}

function command({ label, line, cautious }: { label: string; line: string; cautious: boolean }): Html {
  const colour = cautious ? TONES.urgent.accent : QUIET;
  return html`<p class="${cautious ? 'rw-urgent' : 'rw-q'}" style="margin:10px 0 4px;font-size:13px;line-height:20px;color:${colour}">${label}</p><pre class="rw-x" style="margin:0 0 4px;padding:10px 12px;background:${TONES.calm.ground};color:${INK};font-family:${MONO};font-size:12px;line-height:18px;white-space:pre-wrap;overflow-x:auto">${unbroken(line)}</pre>`;
}

/** A command that breaks between its options only, never inside "--TaskId rep-…"; what is copied from it is the same line. */
function unbroken(line: string): Html {
  const [command = '', ...options] = line.split(' --');
  return html`${command}${options.map((option) => html` <span style="white-space:nowrap">--${option}</span>`)}`;
}

/** Instance and deadline on the first line, the rest quietly below; lean, since a list may hold hundreds. */
function taskBlock(row: TaskRow, speaker: Speaker): Html {
  const edge = row.dataLoss ? TONES.danger.accent : LINE;
  const details = [row.where, row.allows, row.taskId].filter((text) => text !== '').join(' · ');
  const quiet = (text: string): Html =>
    html`<br><span class="rw-q" style="font-size:13px;color:${QUIET}"><bdi>${text}</bdi></span>`;
  const tag = row.dataLoss
    ? html` <span class="rw-danger" style="font-size:12px;font-weight:600;color:${TONES.danger.accent}">${speaker.words.lists.tag}</span>`
    : null;
  const deadline =
    row.deadline === null
      ? null
      : html`<br><span class="rw-${row.dataLoss ? 'danger' : 'i'}" style="font-size:14px;color:${row.dataLoss ? TONES.danger.accent : INK}">${row.deadline}</span>`;
  return html`<p class="rw-i ${row.dataLoss ? 'rw-e' : 'rw-l'}" style="margin:0;padding:8px 0 8px 12px;border-left:3px solid ${edge};border-bottom:1px solid ${LINE};font-size:15px;line-height:21px;color:${INK};word-break:break-word"><strong style="font-weight:600"><bdi>${row.instance}</bdi></strong> <bdi>${row.type}</bdi>${tag}${deadline}${quiet(details)}${row.news.map(quiet)}</p>\n`;
}

function groupBlock({ head, taskIds, count }: GroupRow, speaker: Speaker): Html {
  const hidden = count - taskIds.length;
  return html`<p class="rw-i" style="margin:8px 0 2px;font-size:15px;line-height:22px;color:${INK}"><bdi>${head}</bdi></p><p class="rw-q" style="margin:0 0 8px;font-family:${MONO};font-size:12px;line-height:18px;color:${QUIET};word-break:break-word">${taskIds.join(' ')}</p>${hidden > 0 ? note(speaker.words.lists.moreByCommand(hidden)) : null}`;
}

function lineBlock(text: string): Html {
  return html`<p class="rw-i rw-l" style="margin:0;padding:6px 0;border-bottom:1px solid ${LINE};font-size:14px;line-height:21px;color:${INK};word-break:break-word"><bdi>${text}</bdi></p>\n`;
}
