import { CreateCoreTables1764000000000 } from './1764000000000-create-core-tables';
import { IndexJobLists1764100000000 } from './1764100000000-index-job-lists';
import { AddRetention1764200000000 } from './1764200000000-add-retention';
import { CreateWebhooks1764300000000 } from './1764300000000-create-webhooks';
import { CreateIdempotencyKeys1764400000000 } from './1764400000000-create-idempotency-keys';
import { NotifyJobEvents1764450000000 } from './1764450000000-notify-job-events';
import { KeepTheTraceOfJobs1764500000000 } from './1764500000000-keep-the-trace-of-jobs';
import { IndexOpenJobs1764600000000 } from './1764600000000-index-open-jobs';
import { CreateWebSignIn1764700000000 } from './1764700000000-create-web-sign-in';
import { RememberLogoutTokens1764705000000 } from './1764705000000-remember-logout-tokens';
import { FollowUpOnJobs1764710000000 } from './1764710000000-follow-up-on-jobs';
import { CreateAdministration1764720000000 } from './1764720000000-create-administration';
import { RefuseEmptyingTheAudit1764730000000 } from './1764730000000-refuse-emptying-the-audit';
import { TellWhoChangedAJob1764740000000 } from './1764740000000-tell-who-changed-a-job';
import { IndexAuditBySubject1764750000000 } from './1764750000000-index-audit-by-subject';
import { IndexOpenJobsOfUsers1764790000000 } from './1764790000000-index-open-jobs-of-users';

/** In the order in which they run. Once released, a migration is never edited or removed. */
export const migrations = [
  CreateCoreTables1764000000000,
  IndexJobLists1764100000000,
  AddRetention1764200000000,
  CreateWebhooks1764300000000,
  CreateIdempotencyKeys1764400000000,
  NotifyJobEvents1764450000000,
  KeepTheTraceOfJobs1764500000000,
  IndexOpenJobs1764600000000,
  CreateWebSignIn1764700000000,
  RememberLogoutTokens1764705000000,
  FollowUpOnJobs1764710000000,
  CreateAdministration1764720000000,
  RefuseEmptyingTheAudit1764730000000,
  TellWhoChangedAJob1764740000000,
  IndexAuditBySubject1764750000000,
  IndexOpenJobsOfUsers1764790000000,
];
