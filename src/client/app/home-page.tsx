import { Navigate } from 'react-router';
import { texts } from '../texts';
import { Notice } from './notice';
import { homeTenant, tenantUrl, useSession } from './tenant';

/** Leads to the jobs of the user's tenant, and who has none but administers something, there. */
export function HomePage() {
  const session = useSession();
  const tenant = homeTenant(session);
  if (tenant) return <Navigate to={`${tenantUrl(tenant)}/jobs`} replace />;
  if (session.operator || session.adminOf.length > 0) return <Navigate to="/admin" replace />;
  return <Notice title={texts.errorPage.noTenantTitle} text={texts.errorPage.noTenant} />;
}
