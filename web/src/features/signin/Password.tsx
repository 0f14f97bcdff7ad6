import { Button, Group, PasswordInput, Progress, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { admit, type SignedIn } from '../../api/session'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'

const SHORTEST = 15

interface Props {
  status: 'head' | 'employee'
  back: () => void
}

/** A new password in place of the one-time one; why it is refused stands beside the field. */
export function Password({ status, back }: Props) {
  const { t } = useTranslation(['signin', 'ui'])
  const form = useForm({ initialValues: { new_password: '' } })
  const { submit, busy, error } = useSubmit(form, async ({ new_password }) => {
    const body = { status, new_password: new_password.normalize('NFC') }
    const answer = await unwrap(identity.POST('/api/identity/activation', { body }))
    admit(answer as SignedIn)
  })
  const length = [...form.values.new_password].length
  return (
    <Form onSubmit={submit}>
      <Text>{t('password-text')}</Text>
      <PasswordInput
        label={t('new-password')}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('ui:show-password') }}
        {...form.getInputProps('new_password')}
      />
      <Progress
        value={Math.min(100, (length / SHORTEST) * 100)}
        color={length < SHORTEST ? 'orange.9' : 'green.9'}
        aria-label={t('length', { length, count: SHORTEST })}
      />
      <Text size="sm" c="dimmed" aria-live="polite">
        {length < SHORTEST ? t('letters-left', { count: SHORTEST - length }) : t('long-enough')}
      </Text>
      {error ? <Trouble error={error} /> : null}
      <Group>
        <Button variant="default" onClick={back}>
          {t('ui:back')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('open')}
        </Button>
      </Group>
    </Form>
  )
}
