import { Alert, Button, Checkbox, List, PasswordInput, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { forget } from '../../api/session'
import { Form } from '../../ui/Form'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'

/** The end of the own account: says what is deleted, asks for the password, cannot be undone. */
export function Disable() {
  const { t } = useTranslation(['me', 'ui'])
  const [done, setDone] = useState(false)
  const form = useForm({
    initialValues: { password: '', reason: '', sure: false },
    validate: {
      password: (value) => (value ? null : t('ui:required')),
      sure: (value) => (value ? null : t('disable-sure-needed')),
    },
  })
  const { submit, busy, error } = useSubmit(form, async ({ password, reason }) => {
    await unwrap(
      identity.POST('/api/identity/disable-requests', { body: { password, reason: reason || null } }),
    )
    setDone(true)
    forget()
  })
  if (done) {
    return (
      <Page title={t('disabled')} narrow>
        <Text>{t('disabled-text')}</Text>
      </Page>
    )
  }
  return (
    <Page title={t('disable')} narrow>
      <Alert color="orange" variant="light" title={t('disable-what')}>
        <List c="dark.9">
          {['workplace', 'name', 'mail', 'login'].map((what) => (
            <List.Item key={what}>{t(`disable-${what}`)}</List.Item>
          ))}
        </List>
      </Alert>
      <Text>{t('disable-stays')}</Text>
      <Form onSubmit={submit}>
        <PasswordInput
          label={t('password-current')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('ui:show-password') }}
          {...form.getInputProps('password')}
        />
        <Textarea label={t('disable-reason')} {...form.getInputProps('reason')} />
        <Checkbox label={t('disable-sure')} {...form.getInputProps('sure', { type: 'checkbox' })} />
        {error ? <Trouble error={error} /> : null}
        <Button type="submit" color="red" loading={busy} w="fit-content">
          {t('disable-do')}
        </Button>
      </Form>
    </Page>
  )
}
