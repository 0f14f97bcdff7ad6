import { Alert, Button, Group, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'
import { fullName } from '../../ui/names'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { Back } from './Back'
import { asValues } from './fields'
import { Invite } from './Invite'
import { enrol, type Staff, useRoll } from './roll'
import { StaffFields } from './StaffFields'

/** Puts a person on the roll; what comes next is said. */
export function Add() {
  const { t } = useTranslation('staff')
  const [added, setAdded] = useState<Staff | null>(null)
  return (
    <Page title={added ? t('added', { name: fullName(added) }) : t('add-title')} narrow>
      <Back to="/staff">{t('title')}</Back>
      {added ? <Added staff={added} again={() => setAdded(null)} /> : <Fill done={setAdded} />}
    </Page>
  )
}

function Fill({ done }: { done: (staff: Staff) => void }) {
  const { t } = useTranslation(['staff', 'ui'])
  const { school, settle } = useRoll()
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: asValues({}),
    validate: { last_name: filled, first_name: filled, post: filled },
  })
  const draft = useDraft('staff-new', form)
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    const { patronymic, division, email, since, employment, ...named } = values
    const body = {
      ...named,
      category: 'employee' as const,
      employment: employment as 'main' | 'part-time',
      patronymic: patronymic || null,
      division: division || null,
      email: email || null,
      since: since || null,
    }
    done(await enrol(school, body, key))
    draft.drop()
    settle()
  })
  return (
    <Form onSubmit={submit}>
      <Text>{t('add-text')}</Text>
      <StaffFields form={form} />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy}>
        {t('add')}
      </Button>
    </Form>
  )
}

function Added({ staff, again }: { staff: Staff; again: () => void }) {
  const { t } = useTranslation('staff')
  return (
    <>
      <Alert color="green" variant="light" role="status">
        <Text c="dark.9">{t(staff.email ? 'added-text' : 'added-text-no-email')}</Text>
      </Alert>
      <Invite staff={staff} />
      <Group>
        <Button onClick={again}>{t('add-more')}</Button>
        <Button variant="default" component={Link} to={'/staff' as never}>
          {t('to-list')}
        </Button>
      </Group>
    </>
  )
}
