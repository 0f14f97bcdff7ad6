import { Button, Group, Radio, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { handIn, type Joined } from './join'
import classes from './Lessons.module.css'

/** What is to be done, and a form for it. Whether the name is known is not said here. */
export function HandIn({ code, lesson, now }: { code: string; lesson: Joined; now: number }) {
  const { t } = useTranslation('lessons')
  const [received, setReceived] = useState<string | null>(null)
  const open = lesson.assignments.filter(({ due }) => +new Date(due) > now)
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h4">
        {t('assignments')}
      </Title>
      {lesson.assignments.map((one) => (
        <div key={one.assignment_id}>
          <Text fw={600}>{one.title}</Text>
          {one.text && <Text className={classes.words}>{one.text}</Text>}
          <Text size="sm" c="dimmed">
            {t('due', { at: moment(one.due) })}
          </Text>
        </div>
      ))}
      {received ? (
        <Stack gap="sm" role="status">
          <Text fw={600}>{t('join.received', { at: moment(received) })}</Text>
          <Button variant="default" w="fit-content" onClick={() => setReceived(null)}>
            {t('join.another')}
          </Button>
        </Stack>
      ) : (
        open.length > 0 && <Fields code={code} open={open} done={setReceived} />
      )}
      {open.length === 0 && <Text>{t('join.over')}</Text>}
    </Stack>
  )
}

interface Props {
  code: string
  /** What can still be handed in. */
  open: Joined['assignments']
  done: (at: string) => void
}

function Fields({ code, open, done }: Props) {
  const { t } = useTranslation(['lessons', 'ui'])
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: {
      assignment_id: open[0]!.assignment_id,
      last_name: '',
      first_name: '',
      text: '',
      links: '',
    },
    validate: {
      last_name: filled,
      first_name: filled,
      text: (value, { links }) => (value.trim() || links.trim() ? null : t('join.work-needed')),
    },
  })
  const draft = useDraft(`join-${code}`, form)
  const { submit, busy, error } = useSubmit(form, async ({ text, links, ...rest }, key) => {
    // What was chosen before a reload may be over now
    const { assignment_id } = open.find((one) => one.assignment_id === rest.assignment_id) ?? open[0]!
    const work = { text: text.trim() || null, links: links.trim() ? [links.trim()] : [] }
    const { received_at } = await handIn(code, { ...rest, ...work, assignment_id }, key)
    draft.drop()
    done(received_at)
  })
  return (
    <Form onSubmit={submit}>
      {open.length > 1 && (
        <Radio.Group label={t('join.which')} {...form.getInputProps('assignment_id')}>
          <Stack gap="xs" mt="xs">
            {open.map((one) => (
              <Radio key={one.assignment_id} value={one.assignment_id} label={one.title} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <Group align="start" gap="sm">
        <TextInput
          label={t('join.last-name')}
          autoComplete="family-name"
          withAsterisk
          style={{ flex: '1 1 180px' }}
          {...form.getInputProps('last_name')}
        />
        <TextInput
          label={t('join.first-name')}
          autoComplete="given-name"
          withAsterisk
          style={{ flex: '1 1 140px' }}
          {...form.getInputProps('first_name')}
        />
      </Group>
      <Textarea label={t('join.text')} minRows={5} maxLength={5000} {...form.getInputProps('text')} />
      <TextInput
        label={t('join.link')}
        description={t('join.link-hint')}
        type="url"
        inputMode="url"
        autoComplete="off"
        {...form.getInputProps('links')}
      />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy} w="fit-content">
        {t('join.hand-in')}
      </Button>
    </Form>
  )
}
