import { Alert, Anchor, Button, Checkbox, PasswordInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { Refused } from '../../api/problem'
import { admit, type SignedIn } from '../../api/session'
import { Form } from '../../ui/Form'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'

const route = getRouteApi('/signin')

/** Only paths of our own pages: `//elsewhere` is another host. */
const ownPath = (to: string | undefined) => (to && /^\/[^/\\]/.test(to) ? to : '/home')

/** Login, password, and the second factor where there is one. */
export function SignIn() {
  const { t } = useTranslation(['signin', 'ui'])
  const { to } = route.useSearch() as { to?: string }
  const navigate = useNavigate()
  const [wantsCode, setWantsCode] = useState(false)
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: { login: '', password: '', code: '', remember_me: false },
    validate: { login: filled, password: filled },
  })
  const { submit, busy, error } = useSubmit(form, async ({ code, ...values }) => {
    const body = { ...values, code: code || null, device: navigator.userAgent.slice(0, 300) }
    const answer = await unwrap(identity.POST('/api/identity/sessions', { body })).catch(
      (refusal: unknown) => {
        if (refusal instanceof Refused && refusal.problem.code === 'second-factor-required')
          setWantsCode(true)
        throw refusal
      },
    )
    admit(answer as SignedIn)
    await navigate({ to: answer.scope === 'activation' ? '/welcome' : ownPath(to) })
  })
  return (
    <Page title={t('title')} narrow>
      <Form onSubmit={submit}>
        <TextInput
          label={t('login')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          {...form.getInputProps('login')}
        />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('ui:show-password') }}
          {...form.getInputProps('password')}
        />
        {wantsCode && (
          <TextInput
            label={t('code')}
            description={t('code-hint')}
            autoComplete="one-time-code"
            autoFocus
            {...form.getInputProps('code')}
          />
        )}
        <Checkbox
          label={t('remember')}
          description={t('remember-hint')}
          {...form.getInputProps('remember_me', { type: 'checkbox' })}
        />
        {error && !(wantsCode && !form.values.code) ? <Trouble error={error} /> : null}
        <Button type="submit" loading={busy}>
          {t('ui:signin')}
        </Button>
        <Alert variant="light" title={t('trouble')}>
          <Text>
            {t('trouble-text')}{' '}
            <Anchor component={Link} to={'/help/restore-access' as never}>
              {t('restore')}
            </Anchor>
            {' · '}
            <Anchor component={Link} to="/request">
              {t('request')}
            </Anchor>
          </Text>
        </Alert>
      </Form>
    </Page>
  )
}
