import { InvalidArgumentError, Option } from 'commander';
import { type Definition, jsonOption, languageOption } from './definition.ts';

const LAST_PORT = 65_535;

function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= LAST_PORT) return number;
  throw new InvalidArgumentError(`It must be a port from 0 (any free one) to ${LAST_PORT}.`);
}

/** What tries the configuration and shows what would come. */
export const trialCommands: readonly Definition[] = [
  {
    usage: 'check',
    summary: 'says everything that is wrong with the configuration; with --online whether all of it works',
    details:
      'Exit code 0: all is well; 1: something that was tried online failed; 2: the configuration is wrong. Sends no message and writes nothing.',
    options: [
      new Option('--online', 'try each account with one signed call, each channel, and the store'),
      jsonOption(),
    ],
    examples: ['check --config repairwatch.yaml', 'check --online', 'check --online --json'],
    run: async (screen, options) => (await import('./check.ts')).check(options, screen),
  },
  {
    usage: 'send-test <channel>',
    summary: 'sends one sample of each kind of message through a channel',
    details: 'Each message says that it is a sample. Exit code 1: one was not delivered.',
    examples: ['send-test ops-slack'],
    run: async (screen, options, [channel = '']) => (await import('./send-test.ts')).sendTest(channel, options, screen),
  },
  {
    usage: 'digest <name>',
    summary: 'shows the next digest of that name as it would be now; nothing is sent',
    options: [
      new Option('--preview', 'show it here'),
      new Option('--out <file>', 'with --preview: write it as HTML, as it would be mailed'),
      languageOption(),
    ],
    examples: ['digest morning --preview', 'digest morning --preview --out digest.html --language zh-CN'],
    run: async (screen, options, [name = '']) => (await import('./digest.ts')).digest(name, options, screen),
  },
  {
    usage: 'demo',
    summary: 'the service against a stand-in for Tencent Cloud: a minute of polls and messages, no account needed',
    options: [languageOption()],
    examples: ['demo', 'demo --language zh-CN'],
    run: async (screen, options) => (await import('./demo.ts')).demo(options, screen),
  },
  {
    usage: 'sandbox',
    summary: 'the stand-in for the API of Tencent Cloud alone, on loopback, until Ctrl-C',
    options: [
      new Option('--port <port>', 'where it listens').argParser(port).default(9480),
      new Option('--scenario <file>', 'JSON file of steps; the built-in scenario unless given'),
    ],
    examples: ['sandbox', 'sandbox --port 9480 --scenario scenario.json'],
    run: async (screen, options) => (await import('./sandbox.ts')).sandbox({ port: 9480, ...options }, screen),
  },
];
