import { it } from 'vitest';
import { keepsItsWord } from '../support/restless/keeps-its-word.ts';
import { largeScenes, scenes } from '../support/restless/scene.ts';

it(
  'keeps the promise of a poll while the history and the audit are read beside it, which know whatever stayed listed',
  {
    timeout: 300_000,
  },
  () =>
    keepsItsWord(
      scenes.map((scene) => ({ ...scene, history: true })),
      4_500,
    ),
);

it('keeps it with pages of a hundred, and more than a thousand tasks of one second', { timeout: 300_000 }, () =>
  keepsItsWord(largeScenes, 20),
);
