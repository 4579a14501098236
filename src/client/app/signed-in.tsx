import { Container } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { sessionQuery, type Session } from '../api/session';
import { Loading } from '../components/loading';
import { ProblemAlert } from '../components/problem-alert';
import { forgetTenant, SessionContext } from './tenant';
import { useSignOutElsewhere } from './use-sign-out';

/** Not needed for a first look at the page, but here before it is: the server may have another version by then. */
const loadSignInAgain = async () => ({ default: (await import('./sign-in-again')).SignInAgain });
const SignInAgain = lazy(loadSignInAgain);

/**
 * Lets only people in who are signed in and admitted; the others go to the sign-in page, which knows what to say. Whose session ends
 * while they are here finds the page as it was once they have signed in again.
 */
export function SignedIn() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const { pathname, search } = useLocation();
  const { user, isReplaced } = useSessionOfUser(session);
  useSignOutElsewhere();
  useEffect(() => void loadSignInAgain(), []);
  // Until the new document comes, nothing of the former user is to be seen, their address included.
  if (isReplaced) return <Loading />;
  if (user && (session?.state === 'signed_in' || session?.state === 'signed_out'))
    return (
      <SessionContext value={user}>
        <Outlet />
        <Suspense>{session.state === 'signed_out' && <SignInAgain issuers={session.issuers} />}</Suspense>
      </SessionContext>
    );
  if (session) return <Navigate to={`/sign-in?${new URLSearchParams({ returnTo: pathname + search }).toString()}`} replace />;
  return error ? (
    <Container size="sm" py="xl">
      <ProblemAlert error={error} onRetry={() => void refetch()} />
    </Container>
  ) : (
    <Loading />
  );
}

/**
 * `user` is the newest session of the user who came first; null before there is one. With `isReplaced` the server's session is another
 * user's, who gets a whole new document.
 */
function useSessionOfUser(session: Session | undefined): { user: Session | null; isReplaced: boolean } {
  const client = useQueryClient();
  const [known, setKnown] = useState<Session | null>(null);
  const isIn = session?.state === 'signed_in';
  const isReplaced = isIn && known !== null && known.user?.uid !== session.user?.uid;
  if (isIn && !isReplaced && known !== session) setKnown(session);
  useEffect(() => {
    if (!isReplaced) return;
    forgetTenant();
    window.location.assign('/');
  }, [isReplaced]);
  const [wasOut, setWasOut] = useState(false);
  if (session?.state === 'signed_out' && !wasOut) setWasOut(true);
  useEffect(() => {
    if (!isIn || isReplaced || !wasOut) return;
    setWasOut(false);
    // What was refused meanwhile.
    void client.invalidateQueries();
  }, [client, isIn, isReplaced, wasOut]);
  return { user: known, isReplaced };
}
