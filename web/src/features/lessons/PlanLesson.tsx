import { Button, Checkbox, Group, Select, Skeleton, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { Form } from '../../ui/Form'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { KEY, plan } from './lessons'
import { type Taught, loadTaught } from './teaching'
import { TimeFields } from './TimeFields'
import { dayOf, inMoscow } from './when'

/** A new lesson of the own classes. */
export function PlanLesson() {
  const { t } = useTranslation('lessons')
  const account = useSession()?.accountId ?? ''
  const taught = useQuery({ queryKey: ['taught', account], queryFn: () => loadTaught(account) })
  return (
    <Page title={t('plan-title')} narrow>
      {taught.isPending && <Skeleton h={420} />}
      {taught.error && <Trouble error={taught.error} again={() => void taught.refetch()} />}
      {taught.data?.length === 0 && <Text>{t('teaches-nothing')}</Text>}
      {taught.data && taught.data.length > 0 && <Fields taught={taught.data} />}
    </Page>
  )
}

function Fields({ taught }: { taught: Taught[] }) {
  const { t } = useTranslation(['lessons', 'ui'])
  const navigate = useNavigate()
  const queries = useQueryClient()
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: {
      subject_id: taught[0]!.subject_id,
      class_ids: [] as string[],
      title: '',
      day: dayOf(new Date()),
      starts: '09:00',
      ends: '09:45',
      link: '',
    },
    validate: {
      class_ids: (value) => (value.length ? null : t('class-needed')),
      title: filled,
      day: filled,
      starts: filled,
      ends: filled,
    },
  })
  const draft = useDraft('lesson-plan', form)
  const subject = taught.find(({ subject_id }) => subject_id === form.values.subject_id) ?? taught[0]!
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    const { day, starts, ends, link, ...rest } = values
    const times = { starts: inMoscow(day, starts), ends: inMoscow(day, ends) }
    const { lesson_id } = await plan({ ...rest, ...times, link: link.trim() || null }, key)
    draft.drop()
    void queries.invalidateQueries({ queryKey: KEY })
    await navigate({ to: `/lessons/${lesson_id}` } as never)
  })
  return (
    <Form onSubmit={submit}>
      <Select
        label={t('form.subject')}
        data={taught.map(({ subject_id, subject: name }) => ({ value: subject_id, label: name }))}
        allowDeselect={false}
        {...form.getInputProps('subject_id')}
        onChange={(value) => form.setValues({ subject_id: value ?? '', class_ids: [] })}
      />
      <Checkbox.Group size="md" label={t('form.classes')} withAsterisk {...form.getInputProps('class_ids')}>
        <Group mt="xs" gap="lg">
          {subject.classes.map(({ class_id, name }) => (
            <Checkbox key={class_id} value={class_id} label={name} />
          ))}
        </Group>
      </Checkbox.Group>
      <TextInput label={t('form.title')} withAsterisk maxLength={300} {...form.getInputProps('title')} />
      <TimeFields form={form} />
      <TextInput
        label={t('form.link')}
        description={t('form.link-hint')}
        type="url"
        inputMode="url"
        autoComplete="off"
        {...form.getInputProps('link')}
      />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy} w="fit-content">
        {t('plan')}
      </Button>
    </Form>
  )
}
