import { Alert, Button, PasswordInput, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { refresh } from '../../api/session'
import { Form } from '../../ui/Form'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { SecondFactor } from './SecondFactor'

/** The own password: the other devices are signed out by a new one. */
export function Security() {
  const { t } = useTranslation('me')
  return (
    <Page title={t('security')} narrow>
      <NewPassword />
      <SecondFactor />
    </Page>
  )
}

function NewPassword() {
  const { t } = useTranslation(['me', 'ui'])
  const [changed, setChanged] = useState(false)
  const filled = (value: string) => (value ? null : t('ui:required'))
  const form = useForm({
    initialValues: { current_password: '', new_password: '' },
    validate: { current_password: filled, new_password: filled },
  })
  const { submit, busy, error } = useSubmit(form, async (body) => {
    await unwrap(identity.PUT('/api/identity/password', { body }))
    await refresh()
    form.reset()
    setChanged(true)
  })
  const toggle = { 'aria-label': t('ui:show-password') }
  return (
    <Form
      onSubmit={() => {
        setChanged(false)
        submit()
      }}
    >
      <Title order={2} size="h3">
        {t('password')}
      </Title>
      <Text>{t('password-text')}</Text>
      <PasswordInput
        label={t('password-current')}
        autoComplete="current-password"
        visibilityToggleButtonProps={toggle}
        {...form.getInputProps('current_password')}
      />
      <PasswordInput
        label={t('password-new')}
        autoComplete="new-password"
        visibilityToggleButtonProps={toggle}
        {...form.getInputProps('new_password')}
      />
      {error ? <Trouble error={error} /> : null}
      {changed && (
        <Alert color="green" variant="light" role="status" title={t('password-changed')}>
          <Text c="dark.9">{t('password-changed-text')}</Text>
        </Alert>
      )}
      <Button type="submit" loading={busy} w="fit-content">
        {t('password-change')}
      </Button>
    </Form>
  )
}
