import { Button, Group, PasswordInput, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../api/client'
import { settleProof, useProofWanted } from '../api/proof'
import { Dialog } from './Dialog'
import { Trouble } from './Trouble'
import { useSubmit } from './useSubmit'
import { Form } from '../ui/Form'

/** Asks for the second factor, or without one for the password, whenever an act waits for it. Once in the shell. */
export function StepUp() {
  const { t } = useTranslation('ui')
  const wanted = useProofWanted()
  return (
    <Dialog title={t('proof')} opened={wanted} onClose={() => settleProof(false)} topmost>
      <Proof />
    </Dialog>
  )
}

function Proof() {
  const { t } = useTranslation('ui')
  const factor = useQuery({
    queryKey: ['second-factor'],
    queryFn: () => unwrap(identity.GET('/api/identity/second-factor')),
    staleTime: 0,
  })
  if (factor.isPending) return <Skeleton h={120} />
  if (factor.isError) return <Trouble error={factor.error} again={() => void factor.refetch()} />
  return (
    <Stack>
      <Text>{t(factor.data.on ? 'proof-code-text' : 'proof-password-text')}</Text>
      <Ask by={factor.data.on ? 'code' : 'password'} />
    </Stack>
  )
}

function Ask({ by }: { by: 'code' | 'password' }) {
  const { t } = useTranslation('ui')
  const form = useForm({ initialValues: { code: '', password: '' } })
  const { submit, busy, error } = useSubmit(form, async (values) => {
    await unwrap(identity.POST('/api/identity/second-factor/proof', { body: { [by]: values[by].trim() } }))
    settleProof(true)
  })
  return (
    <Form onSubmit={submit}>
      {by === 'code' ? (
        <TextInput
          label={t('proof-code')}
          autoComplete="one-time-code"
          data-autofocus
          {...form.getInputProps('code')}
        />
      ) : (
        <PasswordInput
          label={t('proof-password')}
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': t('show-password') }}
          {...form.getInputProps('password')}
        />
      )}
      {error ? <Trouble error={error} /> : null}
      <Group>
        <Button type="submit" loading={busy}>
          {t('proof-give')}
        </Button>
        <Button variant="subtle" onClick={() => settleProof(false)}>
          {t('cancel')}
        </Button>
      </Group>
    </Form>
  )
}
