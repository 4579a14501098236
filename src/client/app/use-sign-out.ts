import { useMutation } from '@tanstack/react-query';
import { signOut } from '../api/session';
import { forgetTenant } from './tenant';

const SIGNED_OUT = 'slipway.signed-out';

/** Files that wait for their upload in this browser, which the next user of it has no business with. */
const forgetKeptFiles = async (): Promise<void> =>
  (await import('../pages/new-job/uploads/submission-store')).forgetAllSubmissions();

/** Ends the session, and goes where the server says: to the issuer's own sign-out, which leads back, or to the sign-in page. */
export function useSignOut() {
  return useMutation({
    mutationFn: signOut,
    onSuccess: async (url) => {
      forgetTenant();
      await forgetKeptFiles();
      sessionStorage.setItem(SIGNED_OUT, 'yes');
      // A whole new document: nothing of this user stays in memory.
      window.location.assign(url);
    },
  });
}

/** Whether one comes to the sign-in page from signing out in this tab. */
export const hasSignedOut = (): boolean => sessionStorage.getItem(SIGNED_OUT) !== null;

/** It is said once. */
export const forgetSignedOut = (): void => sessionStorage.removeItem(SIGNED_OUT);
