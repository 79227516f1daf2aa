import { it } from 'vitest';
import { keepsItsWord } from '../support/restless/keeps-its-word.ts';
import { scenes } from '../support/restless/scene.ts';

it(
  'knows after each complete poll every task that was pending in all its views, tells nobody otherwise, or says why it could not',
  {
    timeout: 300_000,
  },
  () =>
    keepsItsWord(
      scenes.map((scene) => ({ ...scene, history: false })),
      5_500,
    ),
);
