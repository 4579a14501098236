import type { JobAccess } from '../../jobs/commands';
import type { PathTenant } from '../auth/current.decorator';

/** The jobs of the tenant in the path, and no others. */
export const jobAccess = ({ partner, tenant }: PathTenant): JobAccess => ({ partners: [partner], tenant });
