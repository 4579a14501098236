import { Alert, Button, Center, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { sessionQuery, signInUrl, type Session } from '../../api/session';
import { forgetSignedOut, hasSignedOut } from '../../app/use-sign-out';
import { Loading } from '../../components/loading';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { Surface } from '../../components/surface';
import { texts } from '../../texts';
import { NotAdmitted } from './not-admitted';
import { localPath } from './local-path';
import classes from './sign-in.module.css';

/** Where people come in; also where those are told so who may not. */
export function Component() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const [search] = useSearchParams();
  const returnTo = localPath(search.get('returnTo'));
  if (session?.state === 'signed_in') return <Navigate to={returnTo} replace />;
  return (
    <Center component="main" className={classes.page}>
      <Stack gap="lg" className={classes.column}>
        <div className={classes.brand}>
          <span className={classes.mark} aria-hidden />
          <Text fw={700} size="xl">
            {texts.common.product}
          </Text>
        </div>
        <Surface p="xl" shadow="sm">
          {session?.state === 'not_admitted' ? (
            <NotAdmitted session={session} />
          ) : session ? (
            <SignIn session={session} returnTo={returnTo} search={search} />
          ) : error ? (
            <ProblemAlert error={error} onRetry={() => void refetch()} />
          ) : (
            <Loading />
          )}
        </Surface>
        <Text size="sm" c="dimmed" ta="center">
          {texts.signIn.about}
        </Text>
      </Stack>
    </Center>
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
        <Button key={id} component="a" href={signInUrl(id, returnTo)} size="md" fullWidth>
          {texts.signIn.with(name)}
        </Button>
      ))}
    </Stack>
  );
}
