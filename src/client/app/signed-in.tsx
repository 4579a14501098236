import { Container } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from 'react-router';
import { sessionQuery } from '../api/session';
import { Loading } from '../components/loading';
import { ProblemAlert } from '../components/problem-alert';

/** Lets only people in who are signed in and admitted; the others go to the sign-in page, which knows what to say. */
export function SignedIn() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const { pathname, search } = useLocation();
  if (session?.state === 'signed_in') return <Outlet />;
  if (session) return <Navigate to={`/sign-in?${new URLSearchParams({ returnTo: pathname + search }).toString()}`} replace />;
  return error ? (
    <Container size="sm" py="xl">
      <ProblemAlert error={error} onRetry={() => void refetch()} />
    </Container>
  ) : (
    <Loading />
  );
}
