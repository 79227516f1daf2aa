import { isJsonObject, jsonOf } from './json.ts';
import { vendorRow } from './row.ts';
import { type Scenario, type ScenarioStep, shiftOf } from './scenario.ts';
import { vendorSecond } from './vendor-time.ts';

/** A scenario that can be played to its end, or every reason why it cannot. */
export type ScenarioReading =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly string[] };

const DEEDS: readonly string[] = ['add', 'set', 'remove', 'restore'] satisfies readonly ScenarioStep['do'][];
const STEP_FIELDS: readonly string[] = ['at', 'do', 'taskId', 'row'];
const TIME_FIELDS: readonly string[] = ['CreateTime', 'AuthTime', 'EndTime'];
const ROW_FIELDS: ReadonlySet<string> = new Set(
  Object.keys(vendorRow({}, { number: 0, createdAt: 0, utcOffsetMs: 0 })).filter((name) => name !== 'TaskId'),
);

/** Reads the text of a scenario file: a JSON list of steps (`ScenarioStep`). */
export function readScenario(text: string): ScenarioReading {
  const steps = jsonOf(text);
  if (!Array.isArray(steps)) return { ok: false, problems: ['The scenario must be a JSON list of steps.'] };
  const problems = steps.flatMap((step, index) => stepProblems(step).map((each) => `Step ${index + 1}: ${each}`));
  if (problems.length > 0) return { ok: false, problems };
  const scenario = steps as Scenario; // every step was just found to be one
  const impossible = orderProblems(scenario);
  return impossible.length > 0 ? { ok: false, problems: impossible } : { ok: true, scenario };
}

function stepProblems(step: unknown): readonly string[] {
  if (!isJsonObject(step)) return ['it must be an object with at, do and taskId.'];
  const problems = Object.keys(step)
    .filter((name) => !STEP_FIELDS.includes(name))
    .map((name) => `"${name}" is not known; a step has ${STEP_FIELDS.join(', ')}.`);
  if (typeof step['at'] !== 'number') problems.push('"at" must be a number of seconds.');
  if (!DEEDS.some((deed) => deed === step['do'])) problems.push(`"do" must be one of ${DEEDS.join(', ')}.`);
  if (typeof step['taskId'] !== 'string') problems.push('"taskId" must be a text like "rep-00000001".');
  if (step['row'] !== undefined) problems.push(...rowProblems(step['row']));
  return problems;
}

function rowProblems(row: unknown): readonly string[] {
  if (!isJsonObject(row)) return ['"row" must be an object with fields of RepairTaskInfo.'];
  return Object.entries(row).flatMap(([name, value]) => {
    if (!ROW_FIELDS.has(name)) return [`"row.${name}" is not a field that a step may give.`];
    if (value !== null && !['string', 'number'].includes(typeof value))
      return [`"row.${name}" must be a text or number.`];
    return TIME_FIELDS.includes(name) ? timeProblems(name, value) : [];
  });
}

function timeProblems(name: string, value: unknown): readonly string[] {
  if (value === null && name !== 'CreateTime') return [];
  if (typeof value === 'string' && (shiftOf(value) !== null || vendorSecond(value) !== null)) return [];
  return [`"row.${name}" must be "now", relative like "-200d" or "+5h30m", or "YYYY-MM-DD hh:mm:ss".`];
}

/** Plays the ids alone: what is set or removed must be listed then, what is added must not. */
function orderProblems(scenario: Scenario): readonly string[] {
  const states = new Map<string, 'listed' | 'removed'>();
  return scenario
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ at, do: deed, taskId }) => {
      const state = states.get(taskId) ?? 'not listed';
      states.set(taskId, deed === 'remove' ? 'removed' : 'listed');
      return fitsState(deed, state) ? [] : [`At ${at} s "${deed}" does not fit ${taskId}, which is ${state} then.`];
    });
}

function fitsState(deed: ScenarioStep['do'], state: string): boolean {
  if (deed === 'restore') return state === 'removed';
  return (deed === 'add') === (state !== 'listed');
}
