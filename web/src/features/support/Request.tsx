import { Button, Checkbox, Group, Radio, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { getRouteApi, Link } from '@tanstack/react-router'
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
import { NameFields } from './NameFields'
import { SchoolCard } from './SchoolCard'
import { SchoolField } from './SchoolField'
import { type School, useSchool } from './schools'

const route = getRouteApi('/request')

/** Ask for an account: find your school, then about you, then number and code. */
export function Request() {
  const { t } = useTranslation('support')
  const { school: id } = route.useSearch() as { school?: string }
  const navigate = route.useNavigate()
  const school = useSchool(id)
  const [accepted, setAccepted] = useState<{ number: string; tracking_code: string } | null>(null)
  if (accepted) return <Accepted kind="request" {...accepted} />
  const choose = (chosen: School | null) =>
    void navigate({ to: '/request', search: { school: chosen?.school_id } })
  return (
    <Page title={t('request.title')} narrow>
      {!id && (
        <Stack>
          <Text>{t('request.find')}</Text>
          <SchoolField onChoose={choose} />
          <Text>
            {t('request.no-school')} <Link to="/apply">{t('request.apply')}</Link>
          </Text>
        </Stack>
      )}
      {id && school.isPending && <Skeleton h={120} />}
      {school.isError && <Trouble error={school.error} again={() => void school.refetch()} />}
      {id && school.data && (
        <>
          <SchoolCard school={school.data}>
            <Button variant="subtle" onClick={() => choose(null)}>
              {t('request.another')}
            </Button>
          </SchoolCard>
          <AboutYou school={school.data} onAccepted={setAccepted} />
        </>
      )}
    </Page>
  )
}

interface AboutProps {
  school: School
  onAccepted: (accepted: { number: string; tracking_code: string }) => void
}

function AboutYou({ school, onAccepted }: AboutProps) {
  const { t } = useTranslation(['support', 'ui'])
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: {
      applicant: { last_name: '', first_name: '', patronymic: '', email: '', post: '' },
      category: 'employee' as 'head' | 'employee',
      consent: false,
    },
    validate: {
      applicant: { last_name: filled, first_name: filled, email: filled },
      consent: (given) => (given ? null : t('consent-needed')),
    },
  })
  const draft = useDraft('request', form)
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    const { patronymic, post, ...applicant } = values.applicant
    const body = {
      applicant: { ...applicant, patronymic: patronymic || null, post: post || null },
      school: { inn: school.inn, kpp: school.kpp, ogrn: school.ogrn, name: school.short_name },
      category: values.category,
      consent: values.consent,
      lang: i18next.language as 'ru' | 'en',
    }
    const params = { header: { 'Idempotency-Key': key } }
    onAccepted(await unwrap(identity.POST('/api/identity/account-requests', { body, params })))
    draft.drop()
  })
  return (
    <Form onSubmit={submit}>
      <Title order={2} size="h3">
        {t('request.about')}
      </Title>
      <NameFields form={form} />
      <TextInput
        label={t('email')}
        description={t('email-hint')}
        type="email"
        inputMode="email"
        autoComplete="email"
        withAsterisk
        {...form.getInputProps('applicant.email')}
      />
      <TextInput
        label={t('post')}
        autoComplete="organization-title"
        {...form.getInputProps('applicant.post')}
      />
      <Radio.Group label={t('request.who')} {...form.getInputProps('category')}>
        <Group mt="xs">
          <Radio value="employee" label={t('request.employee')} />
          <Radio value="head" label={t('request.head')} />
        </Group>
      </Radio.Group>
      <Checkbox label={t('consent')} {...form.getInputProps('consent', { type: 'checkbox' })} />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy}>
        {t('request.send')}
      </Button>
    </Form>
  )
}
