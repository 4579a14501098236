import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { signOut } from '../api/session';
import { forgetTenant } from './tenant';

const SIGNED_OUT = 'slipway.signed-out';
/** One for the whole tab, as it does not hear itself. */
const otherTabs = new BroadcastChannel(SIGNED_OUT);

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
      otherTabs.postMessage(null);
      // A whole new document: nothing of this user stays in memory.
      window.location.assign(url);
    },
  });
}

/** Leads to the sign-in page when the user signs out in another tab: nothing is kept for somebody who meant to leave. */
export function useSignOutElsewhere(): void {
  useEffect(() => {
    const leave = (): void => window.location.assign('/sign-in');
    otherTabs.addEventListener('message', leave);
    return () => otherTabs.removeEventListener('message', leave);
  }, []);
}

/** Whether one comes to the sign-in page from signing out in this tab. */
export const hasSignedOut = (): boolean => sessionStorage.getItem(SIGNED_OUT) !== null;

/** It is said once. */
export const forgetSignedOut = (): void => sessionStorage.removeItem(SIGNED_OUT);
