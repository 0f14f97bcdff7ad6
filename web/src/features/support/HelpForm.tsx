import { Button, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { getRouteApi } from '@tanstack/react-router'
import i18next from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { Form } from '../../ui/Form'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { Accepted } from './Accepted'
import { type Kind, KINDS, Phones } from './Help'

const route = getRouteApi('/help/$kind')

/** One form for the desk; what is asked depends on what it is about. */
export function HelpForm() {
  const { t } = useTranslation(['support', 'ui'])
  const { kind: asked } = route.useParams() as { kind: string }
  const kind: Kind = (KINDS as readonly string[]).includes(asked) ? (asked as Kind) : 'question'
  const [opened, setOpened] = useState<{ number: string; tracking_code: string } | null>(null)
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: { contact: { email: '', name: '', phone: '' }, login: '', text: '' },
    validate: {
      contact: { email: filled },
      text: (value) => (kind === 'restore-access' ? null : filled(value)),
    },
  })
  const draft = useDraft(`help-${kind}`, form)
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    const { email, name, phone } = values.contact
    const body = {
      kind,
      contact: { email, name: name || null, phone: phone || null },
      login: values.login || null,
      text: values.text || t(`help.${kind}`),
      lang: i18next.language as 'ru' | 'en',
    }
    const params = { header: { 'Idempotency-Key': key } }
    setOpened(await unwrap(identity.POST('/api/identity/support/tickets', { body, params })))
    draft.drop()
  })
  if (opened) return <Accepted kind={kind === 'restore-access' ? 'restore' : 'ticket'} {...opened} />
  const aboutAccount = ['sign-in', 'restore-access', 'disable-account'].includes(kind)
  return (
    <Page title={t(`help.${kind}`)} narrow>
      <Text>{t(`help.${kind}-how`)}</Text>
      <Form onSubmit={submit}>
        <TextInput
          label={t('email')}
          description={t(aboutAccount ? 'help.email-on-file' : 'help.email-answer')}
          type="email"
          inputMode="email"
          autoComplete="email"
          withAsterisk
          {...form.getInputProps('contact.email')}
        />
        {aboutAccount && (
          <TextInput
            label={t('help.login')}
            description={t('help.login-hint')}
            autoComplete="username"
            autoCapitalize="none"
            {...form.getInputProps('login')}
          />
        )}
        <TextInput label={t('help.name')} autoComplete="name" {...form.getInputProps('contact.name')} />
        <TextInput
          label={t('phone')}
          type="tel"
          autoComplete="tel"
          {...form.getInputProps('contact.phone')}
        />
        <Textarea
          label={t('help.what')}
          withAsterisk={kind !== 'restore-access'}
          {...form.getInputProps('text')}
        />
        {error ? <Trouble error={error} /> : null}
        <Button type="submit" loading={busy}>
          {t(kind === 'restore-access' ? 'help.send-restore' : 'help.send')}
        </Button>
      </Form>
      <Phones />
    </Page>
  )
}
