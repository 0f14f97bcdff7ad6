import { Alert, Button, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link, useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { Form } from '../../ui/Form'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'

type Purpose = 'restore' | 'email-change' | 'email-code'
const PURPOSES: readonly string[] = ['restore', 'email-change', 'email-code']

/** Where a mail's code leads. It is shown by a click, never by opening the page: mail programs open links too. */
export function Confirm() {
  const { t } = useTranslation(['support', 'ui'])
  const fields = new URLSearchParams(useLocation().hash.replace(/^#/, ''))
  const said = fields.get('purpose') ?? ''
  const purpose = (PURPOSES.includes(said) ? said : 'restore') as Purpose
  const [done, setDone] = useState(false)
  const form = useForm({
    initialValues: { code: fields.get('code') ?? '' },
    validate: { code: (value) => (value.trim() ? null : t('ui:required')) },
  })
  const { submit, busy, error } = useSubmit(form, async ({ code }) => {
    await unwrap(identity.POST('/api/identity/confirmations', { body: { purpose, code: code.trim() } }))
    setDone(true)
  })
  if (done) {
    return (
      <Page title={t(`confirm.${purpose}-done`)} narrow>
        <Alert color="green" variant="light" role="status">
          <Text c="dark.9">{t(`confirm.${purpose}-done-text`)}</Text>
        </Alert>
        {purpose === 'restore' && <Link to="/signin">{t('ui:signin')}</Link>}
      </Page>
    )
  }
  return (
    <Page title={t(`confirm.${purpose}`)} narrow>
      <Text>{t(`confirm.${purpose}-text`)}</Text>
      <Form onSubmit={submit}>
        <TextInput label={t('code')} autoComplete="one-time-code" {...form.getInputProps('code')} />
        {error ? <Trouble error={error} /> : null}
        <Button type="submit" loading={busy}>
          {t('confirm.do')}
        </Button>
      </Form>
    </Page>
  )
}
