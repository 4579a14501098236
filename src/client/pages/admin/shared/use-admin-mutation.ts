import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';

/**
 * A change by an administrator: says that it was made, and has all that is shown read anew, since names and roles are shown in
 * many places. The caller shows what was refused, at the place where it can be mended.
 */
export function useAdminMutation<Input, Answer>(
  change: (input: Input) => Promise<Answer>,
  said: (answer: Answer, input: Input) => string,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer, input) => {
      notifications.show({ message: said(answer, input), color: 'green' });
    },
    // Also after a refusal: often it is because something else is there by now.
    onSettled: () => client.invalidateQueries(),
  });
}
