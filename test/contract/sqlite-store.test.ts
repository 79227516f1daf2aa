import { openMemoryStore } from '../../src/store/sqlite-store.ts';
import { T0 } from '../support/store-world.ts';
import { describeStore } from './store.ts';

describeStore('SQLite', () => openMemoryStore({ now: () => T0 }));
