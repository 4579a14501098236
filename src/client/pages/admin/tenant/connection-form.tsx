import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { readOdsConnection, saveOdsConnection, type OdsConnection, type OdsConnectionPath } from '../../../api/admin';
import { texts } from '../../../texts';
import { FormModal } from '../shared/form-modal';
import { useFormMutation } from '../shared/use-form-mutation';
import { useVersion } from '../shared/use-version';
import { credentialFaults, needsCredentials } from './credentials';

const words = texts.admin.ods;

interface ConnectionFormProps {
  readonly path: OdsConnectionPath;
  /** null: it is new. */
  readonly connection: OdsConnection | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** Base URL, key and secret of a connection. What is stored of the last two never comes back. */
export function ConnectionForm({ path, connection, onSaved, onClose }: ConnectionFormProps) {
  const { schoolYear } = path;
  const form = useForm({
    initialValues: { baseUrl: connection?.baseUrl ?? '', key: '', secret: '' },
    transformValues: ({ baseUrl, key, secret }) => ({ baseUrl: baseUrl.trim(), key: key || null, secret: secret || null }),
    validate: (values) => ({
      baseUrl: URL.canParse(values.baseUrl.trim()) ? null : words.baseUrlFault,
      ...credentialFaults(version?.baseUrl ?? null, values),
    }),
  });
  const { version, guarded, notice } = useVersion(connection, {
    read: () => readOdsConnection(path),
    take: (newest, before) => {
      const isUntouched = before !== null && form.values.baseUrl.trim() === before.baseUrl;
      if (newest && isUntouched) form.setFieldValue('baseUrl', newest.baseUrl);
    },
    describe: (newest) => (newest ? texts.admin.conflict.baseUrlNow(newest.baseUrl) : texts.admin.conflict.gone),
  });
  const stored = version?.baseUrl ?? null;
  const save = (values: ReturnType<typeof form.getTransformedValues>) => saveOdsConnection(path, values, version?.etag ?? null);
  const { onSubmit, fault, saving } = useFormMutation(form, guarded(save), {
    said: () => words.saved(schoolYear),
    codes: { ods_url_not_allowed: 'baseUrl', ods_credentials_needed: 'key' },
    onSaved,
  });
  const needed = needsCredentials(stored, form.values.baseUrl);
  const hint = stored === null ? undefined : needed ? words.credentialsAnew : words.credentialsKept;
  const credential = { autoComplete: 'off', spellCheck: false, required: needed, placeholder: needed ? undefined : words.stored };
  return (
    <FormModal
      title={connection ? words.editFor(schoolYear) : words.addFor(schoolYear)}
      submit={texts.common.save}
      dirty={form.isDirty()}
      saving={saving}
      fault={fault}
      notice={notice}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TextInput
        label={words.baseUrl}
        description={words.baseUrlHint}
        type="url"
        required
        data-autofocus
        spellCheck={false}
        {...form.getInputProps('baseUrl')}
      />
      <TextInput label={words.key} description={hint} autoCapitalize="off" {...credential} {...form.getInputProps('key')} />
      <PasswordInput
        label={words.secret}
        {...credential}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': words.showSecret }}
        {...form.getInputProps('secret')}
      />
    </FormModal>
  );
}
