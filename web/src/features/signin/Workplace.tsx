import { Autocomplete, Button, Group, Select, Skeleton, TagsInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { cabinet, unwrap } from '../../api/client'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { asForm, keptEtag, loadWorkplace, type WorkplaceAnswer } from '../../api/workplace'

/** The workplace form: what the roll has fixed, what is missing, hints from the server; half of it can be saved. */
export function Workplace({ done }: { done: () => void }) {
  const { t } = useTranslation('signin')
  const place = useQuery({ queryKey: ['workplace'], queryFn: loadWorkplace, retry: 5, retryDelay: 1_000 })
  if (place.isPending) return <Skeleton h={320} aria-label={t('step-workplace')} />
  if (place.isError) return <Trouble error={place.error} again={() => void place.refetch()} />
  return <Fields place={place.data} done={done} />
}

function Fields({ place, done }: { place: WorkplaceAnswer; done: () => void }) {
  const { t } = useTranslation('signin')
  const queries = useQueryClient()
  const form = useForm({ initialValues: asForm(place) })
  const { submit, busy, error } = useSubmit(form, async (values) => {
    const body = {
      ...values,
      building: values.building || null,
      employment: values.employment || null,
      work_phone: values.work_phone || null,
      room: values.room || null,
      proposed_post: values.proposed_post || null,
    }
    const params = { header: { 'If-Match': place.etag } }
    const asked = cabinet.PUT('/api/cabinet/workplace', { body, params })
    const saved = { ...(await unwrap(asked)), etag: keptEtag((await asked).response) } as WorkplaceAnswer
    queries.setQueryData(['workplace'], saved)
    if (saved.complete) done()
  })
  const hint = (field: string) => place.hints[field]
  const required = (field: string) => place.required.includes(field)
  return (
    <Form onSubmit={submit}>
      <Text>
        {place.school?.short_name}, {place.post}
        {place.division ? `, ${place.division}` : ''}
      </Text>
      <Autocomplete
        label={t('building')}
        description={hint('building')}
        data={place.suggestions.buildings}
        withAsterisk={required('building')}
        {...form.getInputProps('building')}
      />
      <TagsInput
        label={t('subjects')}
        description={hint('subjects')}
        data={place.suggestions.subjects}
        withAsterisk={required('subjects')}
        {...form.getInputProps('subjects')}
      />
      <TagsInput label={t('classes')} description={hint('classes')} {...form.getInputProps('classes')} />
      <Select
        label={t('employment')}
        description={hint('employment')}
        data={[
          { value: 'main', label: t('employment-main') },
          { value: 'part-time', label: t('employment-part-time') },
        ]}
        {...form.getInputProps('employment')}
      />
      <Autocomplete
        label={t('work-phone')}
        description={hint('work_phone')}
        type="tel"
        data={place.suggestions.phones}
        withAsterisk={required('work_phone')}
        {...form.getInputProps('work_phone')}
      />
      <TextInput label={t('room')} description={hint('room')} {...form.getInputProps('room')} />
      <TextInput
        label={t('proposed-post')}
        description={hint('proposed_post')}
        {...form.getInputProps('proposed_post')}
      />
      {error ? <Trouble error={error} /> : null}
      <Group>
        <Button type="submit" loading={busy}>
          {t('save')}
        </Button>
        <Button variant="subtle" onClick={done}>
          {t('later')}
        </Button>
      </Group>
    </Form>
  )
}
