import { Alert, Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { sessionQuery, signInUrl, type Session } from '../../api/session';
import { forgetSignedOut, hasSignedOut } from '../../app/use-sign-out';
import { Loading } from '../../components/loading';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { texts } from '../../texts';
import { NotAdmitted } from './not-admitted';
import { localPath } from './local-path';
import { rememberSignIn } from './last-sign-in';
import { SignInFrame } from './sign-in-frame';

/** Where people come in; also where those are told so who may not. */
export function Component() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const [search] = useSearchParams();
  const returnTo = localPath(search.get('returnTo'));
  if (session?.state === 'signed_in') return <Navigate to={returnTo} replace />;
  return (
    <SignInFrame>
      {session?.state === 'not_admitted' ? (
        <NotAdmitted session={session} />
      ) : session ? (
        <SignIn session={session} returnTo={returnTo} search={search} />
      ) : error ? (
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </SignInFrame>
  );
}

function SignIn({ session, returnTo, search }: { session: Session; returnTo: string; search: URLSearchParams }) {
  const problem = search.get('problem');
  const [signedOut] = useState(hasSignedOut);
  useEffect(forgetSignedOut, []);
  const { issuers } = session;
  return (
    <Stack gap="md">
      <PageHeading title={texts.signIn.title} description={texts.signIn.introduction} />
      {problem !== null && (
        <Alert role="alert" color="red" title={texts.signIn.failed} icon={<IconInfoCircle aria-hidden />}>
          {texts.signIn.problems[problem] ?? texts.signIn.otherProblem}
        </Alert>
      )}
      {problem === null && signedOut && (
        <Alert role="status" color="cyan" icon={<IconInfoCircle aria-hidden />}>
          {texts.signIn.signedOut}
        </Alert>
      )}
      {issuers.length === 0 && <Text>{texts.signIn.noIssuer}</Text>}
      {issuers.map(({ id, name }) => (
        <Button
          key={id}
          component="a"
          href={signInUrl(id, returnTo)}
          onClick={() => rememberSignIn(signInUrl(id, returnTo))}
          size="md"
          fullWidth
        >
          {texts.signIn.with(name)}
        </Button>
      ))}
    </Stack>
  );
}
