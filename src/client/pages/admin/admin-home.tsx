import { Navigate } from 'react-router';
import { useSession } from '../../app/tenant';
import { partnerUrl } from './shared/urls';

/** The list of partners, or the one partner that somebody administers. */
export function Component() {
  const { operator, adminOf } = useSession();
  const [only] = adminOf;
  return <Navigate to={!operator && only && adminOf.length === 1 ? partnerUrl(only.code) : '/admin/partners'} replace />;
}
