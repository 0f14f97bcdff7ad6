import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { cabinet, unwrap } from '../../api/client'
import { date } from '../../ui/dates'
import { FileList } from '../../ui/files/FileList'
import type { Kept } from '../../ui/files/kept'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { filesOf, today } from './api'
import { type Absence, type Cell, textOf } from './cells'
import classes from './Diary.module.css'
import { monday, shifted, weekOf } from './weeks'

interface Given {
  lesson_id: string
  date: string
  number: number
  class: string
  subject: string
  topic: string | null
  homework: string | null
  homework_due: string | null
  attached: Kept[] | null
  mark: number | null
  credit: boolean | null
  absence: Absence | null
  weight: number | null
  comment: string | null
}

interface Week {
  pupil: { pupil_id: string; last_name: string; first_name: string }
  monday: string
  lessons: Given[]
  due: { due: string; subject: string; homework: string; lesson_id: string; attached: Kept[] | null }[]
}

async function loadWeek(pupil_id: string, week: string): Promise<Week> {
  const asked = cabinet.GET('/api/cabinet/pupils/{pupil_id}/diary', {
    params: { path: { pupil_id }, query: { week } },
  })
  return (await unwrap(asked)) as unknown as Week
}

/** A pupil's week as it is in the diary: lessons, homework, marks. */
export function Pupil() {
  const { t } = useTranslation('diary')
  const { pupil } = useParams({ strict: false }) as { pupil: string }
  const search = useSearch({ strict: false }) as { week?: string }
  const navigate = useNavigate()
  const week = search.week ?? weekOf(today())
  const shown = useQuery({
    queryKey: ['pupil-week', pupil, week],
    queryFn: () => loadWeek(pupil, week),
    placeholderData: (before) => before,
  })
  const first = monday(week)
  const go = (days: number) =>
    void navigate({ search: { week: weekOf(shifted(first, days)) } as never, replace: true })
  const name = shown.data ? `${shown.data.pupil.last_name} ${shown.data.pupil.first_name}` : t('pupil-week')
  return (
    <Page title={name}>
      <Group component="nav" aria-label={t('weeks')}>
        <Button variant="default" onClick={() => go(-7)}>
          {t('week-before')}
        </Button>
        <Text fw={600} role="status">
          {t('week-of', { from: date(first), to: date(shifted(first, 6)) })}
        </Text>
        <Button variant="default" onClick={() => go(7)}>
          {t('week-after')}
        </Button>
      </Group>
      {shown.isPending && <Skeleton h={320} />}
      {shown.isError && <Trouble error={shown.error} again={() => void shown.refetch()} />}
      {shown.data && shown.data.lessons.length + shown.data.due.length === 0 && (
        <Text c="dimmed">{t('week-empty')}</Text>
      )}
      {shown.data && <Days week={shown.data} />}
    </Page>
  )
}

function Days({ week }: { week: Week }) {
  const days = [
    ...new Set([...week.lessons.map((one) => one.date), ...week.due.map((one) => one.due)]),
  ].sort()
  return (
    <div className={classes.week}>
      {days.map((day) => (
        <Day
          key={day}
          day={day}
          lessons={week.lessons.filter((one) => one.date === day)}
          due={week.due.filter((one) => one.due === day)}
        />
      ))}
    </div>
  )
}

function Day({ day, lessons, due }: { day: string; lessons: Given[]; due: Week['due'] }) {
  const { t } = useTranslation('diary')
  const weekday = new Date(day).toLocaleDateString(i18next.language, { weekday: 'long', timeZone: 'UTC' })
  return (
    <section className={classes.day} aria-label={`${weekday}, ${date(day)}`}>
      <Title order={2} size="h4" mb="xs">
        {weekday}, {date(day)}
      </Title>
      {lessons.map((lesson) => (
        <Given key={lesson.lesson_id} lesson={lesson} />
      ))}
      {due.length > 0 && (
        <Stack gap={2} mt="xs">
          <Text size="sm" fw={600}>
            {t('due-today')}
          </Text>
          {due.map((one) => (
            <div key={one.lesson_id}>
              <Text size="sm">
                {one.subject}: {one.homework}
              </Text>
              <Attached of={one} />
            </div>
          ))}
        </Stack>
      )}
    </section>
  )
}

function Attached({ of: { lesson_id, attached } }: { of: { lesson_id: string; attached: Kept[] | null } }) {
  const { t } = useTranslation('diary')
  return attached && <FileList files={attached} at={filesOf(lesson_id)} label={t('homework-files')} />
}

function Given({ lesson }: { lesson: Given }) {
  const { t } = useTranslation('diary')
  const cell: Cell = { ...lesson, weight: lesson.weight ?? 1 }
  return (
    <div className={classes.lesson}>
      <span>{lesson.number}</span>
      <div>
        <Text fw={600}>{lesson.subject}</Text>
        {lesson.topic && <Text size="sm">{lesson.topic}</Text>}
        {lesson.homework && <Text size="sm">{t('homework-is', { homework: lesson.homework })}</Text>}
        <Attached of={lesson} />
        {lesson.comment && (
          <Text size="sm" c="dimmed">
            {lesson.comment}
          </Text>
        )}
      </div>
      <span className={classes.mark}>
        {textOf(cell, { credit: t('credit'), noCredit: t('no-credit') })}
        {cell.mark !== null && cell.weight > 1 && <small> ×{cell.weight}</small>}
      </span>
    </div>
  )
}
