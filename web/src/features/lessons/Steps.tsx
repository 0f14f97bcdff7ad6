import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useInterval } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { timeOf } from '../../ui/dates'
import { Dialog } from '../../ui/Dialog'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useSubmit } from '../../ui/useSubmit'
import { ChangeLesson } from './ChangeLesson'
import classes from './Lessons.module.css'
import { cancel, finish, type Lesson, start } from './lessons'
import { useLessonAct } from './useLesson'

const EARLY = 15 * 60_000 // milliseconds before its time, in which a lesson may begin
const TICK = 10_000

type Question = 'change' | 'cancel' | null

/** What may be done with a lesson now: one main thing, and the rest beside it. */
export function Steps({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('lessons')
  const [asked, setAsked] = useState<Question>(null)
  const now = useNow()
  const begin = useLessonAct(() => start(lesson))
  const end = useLessonAct(() => finish(lesson))
  if (!lesson.is_own || lesson.state === 'finished' || lesson.state === 'cancelled') return null
  const isEarly = now < +new Date(lesson.starts) - EARLY
  const isOver = now >= +new Date(lesson.ends)
  const failed = begin.error ?? end.error
  return (
    <Stack gap="sm">
      <Group gap="sm">
        {lesson.state === 'planned' && !isEarly && !isOver && (
          <Button loading={begin.isPending} onClick={() => begin.mutate(undefined)}>
            {t('start')}
          </Button>
        )}
        {lesson.state === 'live' && lesson.link && (
          <Button component="a" href={lesson.link} target="_blank" rel="noopener noreferrer">
            {t('enter')}
          </Button>
        )}
        {lesson.state === 'live' && (
          <Button variant="default" loading={end.isPending} onClick={() => end.mutate(undefined)}>
            {t('finish')}
          </Button>
        )}
        <Button variant="subtle" px="sm" onClick={() => setAsked('change')}>
          {t('change')}
        </Button>
        <Button variant="subtle" color="red" px="sm" onClick={() => setAsked('cancel')}>
          {t('cancel')}
        </Button>
      </Group>
      {lesson.state === 'planned' && isEarly && (
        <Text c="dimmed">
          {t('start-from', { time: timeOf(new Date(+new Date(lesson.starts) - EARLY).toISOString()) })}
        </Text>
      )}
      {lesson.state === 'planned' && isOver && <Text>{t('time-over')}</Text>}
      {lesson.state === 'planned' && !lesson.link && <Text className={classes.waits}>{t('no-link')}</Text>}
      {failed && <Trouble error={failed} />}
      <Dialog title={t('change-title')} opened={asked === 'change'} onClose={() => setAsked(null)}>
        <ChangeLesson lesson={lesson} done={() => setAsked(null)} />
      </Dialog>
      <Dialog title={t('cancel-title')} opened={asked === 'cancel'} onClose={() => setAsked(null)}>
        <Cancel lesson={lesson} done={() => setAsked(null)} />
      </Dialog>
    </Stack>
  )
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useInterval(() => setNow(Date.now()), TICK, { autoInvoke: true })
  return now
}

function Cancel({ lesson, done }: { lesson: Lesson; done: () => void }) {
  const { t } = useTranslation(['lessons', 'ui'])
  const act = useLessonAct((reason: string) => cancel(lesson, reason), done)
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (value) => (value.trim() ? null : t('ui:required')) },
  })
  const { submit, busy, error } = useSubmit(form, async ({ reason }) => void (await act.mutateAsync(reason)))
  return (
    <Form onSubmit={submit}>
      <Text>{t('cancel-text')}</Text>
      <Textarea label={t('reason')} description={t('reason-hint')} {...form.getInputProps('reason')} />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" color="red" loading={busy} w="fit-content">
        {t('cancel')}
      </Button>
    </Form>
  )
}
