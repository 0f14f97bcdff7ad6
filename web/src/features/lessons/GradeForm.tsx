import { Alert, Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/problem'
import { Trouble } from '../../ui/Trouble'
import { KEY, type Lesson } from './lessons'
import classes from './Lessons.module.css'
import { type Grade, markWork, standing, type Work, worksKey } from './works'

type Mark = Pick<Grade, 'mark' | 'credit'>

const MARKS: Mark[] = [{ mark: 5 }, { mark: 4 }, { mark: 3 }, { mark: 2 }, { credit: true }]
const NOTHING: Mark = { mark: null, credit: null }

/** A mark goes into the journal; one that stands there is written over only when the teacher has seen it. */
export function GradeForm({ lesson, work }: { lesson: Lesson; work: Work }) {
  const { t } = useTranslation('lessons')
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [comment, setComment] = useState(work.grade?.comment ?? '')
  const [reason, setReason] = useState('')
  const act = useMutation({
    mutationFn: ({ version = work.grade?.version ?? 0, ...mark }: Mark & { version?: number }) =>
      markWork(lesson.lesson_id, work, {
        ...mark,
        version,
        weight: work.grade?.weight ?? 1,
        comment: comment.trim() || null,
        reason: reason.trim() || null,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: worksKey(lesson.lesson_id) })
      void queries.invalidateQueries({ queryKey: [...KEY, 'week'] })
      setOpen(false)
    },
  })
  const there = standing(act.error)
  const late = act.error instanceof Refused && act.error.problem.code === 'reason-required'
  if (work.grade && !isOpen) return <Given lesson={lesson} work={work} change={() => setOpen(true)} />
  return (
    <Stack gap="sm">
      <TextInput
        label={t('comment')}
        value={comment}
        maxLength={300}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      {(late || reason) && (
        <TextInput
          label={t('late-reason')}
          value={reason}
          error={late && !reason ? t('late-reason-hint') : null}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <Group
        gap="xs"
        role="group"
        aria-label={t('mark-of', { name: `${work.last_name} ${work.first_name}` })}
      >
        {MARKS.map((mark) => (
          <Button
            key={mark.mark ?? 'credit'}
            className={classes.mark}
            variant="light"
            px="md"
            disabled={act.isPending}
            onClick={() => act.mutate(mark)}
          >
            {mark.mark ?? t('credit')}
          </Button>
        ))}
        {work.grade && (
          <Button variant="subtle" color="red" loading={act.isPending} onClick={() => act.mutate(NOTHING)}>
            {t('take-back')}
          </Button>
        )}
      </Group>
      {there && <Replace there={there} mine={act.variables!} replace={(mark) => act.mutate(mark)} />}
      {act.error && !there && !late && <Trouble error={act.error} />}
    </Stack>
  )
}

function Given({ lesson, work, change }: { lesson: Lesson; work: Work; change: () => void }) {
  const { t } = useTranslation('lessons')
  const { mark, credit, comment } = work.grade!
  const said = mark ?? (credit === null ? t('mark-gone') : t(credit ? 'credit' : 'no-credit'))
  return (
    <Group gap="sm">
      <Badge color="green.2" size="xl" radius="sm">
        {t('mark')}: {said}
      </Badge>
      {comment && <Text>{comment}</Text>}
      {lesson.is_own && (
        <Button variant="subtle" onClick={change}>
          {t('change')}
        </Button>
      )}
    </Group>
  )
}

interface ReplaceProps {
  there: NonNullable<ReturnType<typeof standing>>
  mine: Mark
  replace: (mark: Mark & { version: number }) => void
}

function Replace({ there, mine, replace }: ReplaceProps) {
  const { t } = useTranslation('lessons')
  const said = ({ mark, credit }: Mark) => mark ?? (credit === true ? t('credit') : t('nothing'))
  return (
    <Alert color="orange" variant="light" role="alert" title={t('stands', { mark: said(there) })}>
      <Button
        variant="default"
        onClick={() => replace({ mark: mine.mark, credit: mine.credit, version: there.version })}
      >
        {t('replace', { mark: said(mine) })}
      </Button>
    </Alert>
  )
}
