import { Button, PasswordInput, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import type { components } from '../../api/generated/identity'
import { refresh } from '../../api/session'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { Enrolment } from './Enrolment'

const FACTOR = ['second-factor']

/** A second step at the sign-in: whether it is on, turning it on and off. */
export function SecondFactor() {
  const { t } = useTranslation('me')
  const queries = useQueryClient()
  const [shown, setShown] = useState<components['schemas']['EnrolmentOut'] | null>(null)
  const factor = useQuery({
    queryKey: FACTOR,
    queryFn: () => unwrap(identity.GET('/api/identity/second-factor')),
  })
  if (factor.isPending) return <Skeleton h={120} />
  if (factor.isError) return <Trouble error={factor.error} again={() => void factor.refetch()} />
  const done = async () => {
    setShown(null)
    await refresh()
    await queries.invalidateQueries({ queryKey: FACTOR })
  }
  const { on, recovery_codes_left: left } = factor.data
  return (
    <Stack component="section">
      <Title order={2} size="h3">
        {t('factor')}
      </Title>
      <Text>{on ? t('factor-on', { count: left }) : t('factor-off')}</Text>
      {shown ? <Enrolment shown={shown} done={done} /> : <Prove on={on} enrol={setShown} done={done} />}
    </Stack>
  )
}

interface ProveProps {
  on: boolean
  enrol: (shown: components['schemas']['EnrolmentOut']) => void
  done: () => Promise<void>
}

/** Turning it on wants the password, turning it off a code: whoever sits at an open cabinet may not do either. */
function Prove({ on, enrol, done }: ProveProps) {
  const { t } = useTranslation(['me', 'ui'])
  const field = on ? 'code' : 'password'
  const form = useForm({
    initialValues: { password: '', code: '' },
    validate: { [field]: (value: string) => (value ? null : t('ui:required')) },
  })
  const { submit, busy, error } = useSubmit(form, async (values) => {
    const body = on ? { code: values.code } : { password: values.password }
    await unwrap(identity.POST('/api/identity/second-factor/proof', { body }))
    if (on) {
      await unwrap(identity.DELETE('/api/identity/second-factor'))
      await done()
    } else {
      enrol(await unwrap(identity.POST('/api/identity/second-factor', { body: {} })))
    }
    form.reset()
  })
  return (
    <Form onSubmit={submit}>
      {on ? (
        <TextInput label={t('factor-code')} autoComplete="one-time-code" {...form.getInputProps('code')} />
      ) : (
        <PasswordInput
          label={t('password-current')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('ui:show-password') }}
          {...form.getInputProps('password')}
        />
      )}
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" variant="light" color={on ? 'red' : undefined} loading={busy} w="fit-content">
        {t(on ? 'factor-turn-off' : 'factor-turn-on')}
      </Button>
    </Form>
  )
}
