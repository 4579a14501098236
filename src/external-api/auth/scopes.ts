/** The scopes for what is done with jobs; which partners' jobs is said by `partner:` scopes. */
export const JOB_SCOPES = ['create:jobs', 'read:jobs', 'read:jobs:output-files'] as const;

/** Every scope that an operation can ask for. */
export type Scope = (typeof JOB_SCOPES)[number] | 'manage:webhooks';
