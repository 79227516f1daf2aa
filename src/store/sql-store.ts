import { accountVerbs } from './accounts.ts';
import { backfillVerbs } from './backfill.ts';
import { beatVerbs } from './beats.ts';
import { claimVerbs } from './claim.ts';
import { deliveryLogVerbs } from './delivery-log.ts';
import { digestVerbs } from './digests.ts';
import { dropChannelsVerbs } from './drop-channels.ts';
import { fencedDatabase } from './fenced.ts';
import { journalVerbs } from './journal.ts';
import { leaseVerbs } from './leases.ts';
import { operatorVerbs } from './operator.ts';
import { outageVerbs } from './outages.ts';
import { pageVerbs } from './page.ts';
import { pollVerbs } from './polls.ts';
import { pruneVerbs } from './prune.ts';
import { reminderVerbs } from './reminders.ts';
import { setAsideVerbs } from './set-aside.ts';
import { settleVerbs } from './settle.ts';
import { silenceVerbs } from './silences.ts';
import type { Database } from './sql.ts';
import type { Store } from './store.ts';
import { viewVerbs } from './views.ts';
import { endSilencesVerb } from './withheld.ts';

/** The store's verbs over any engine whose schema is current. `close` closes the engine. */
export function sqlStore(db: Database): Store {
  return {
    ...accountVerbs(db),
    ...backfillVerbs(db),
    ...viewVerbs(db),
    ...pollVerbs(db),
    ...pageVerbs(db),
    ...setAsideVerbs(db),
    ...claimVerbs(db),
    ...settleVerbs(db),
    ...deliveryLogVerbs(db),
    ...outageVerbs(db),
    ...dropChannelsVerbs(db),
    ...digestVerbs(db),
    ...operatorVerbs(db),
    ...journalVerbs(db),
    ...beatVerbs(db),
    ...pruneVerbs(db),
    ...reminderVerbs(db),
    ...silenceVerbs(db),
    ...endSilencesVerb(db),
    ...leaseVerbs(db),
    shared: db.engine === 'postgres',
    within: (fence) => sqlStore(fencedDatabase(db, fence)),
    close: () => db.close(),
  };
}
