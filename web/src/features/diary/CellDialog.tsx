import { Button, Group, Select, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { date, moment } from '../../ui/dates'
import { Dialog } from '../../ui/Dialog'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { type Cell, EMPTY, textOf } from './cells'
import { loadHistory, type SheetPupil } from './journal'
import type { May } from './may'
import type { Chosen, Column, Sheet } from './sheet'

interface Props {
  sheet: Sheet
  chosen: Chosen | null
  may: May
  close: () => void
}

/** One cell: its words, its weight, and all that ever stood there. */
export function CellDialog({ sheet, chosen, may, close }: Props) {
  const pupil = chosen ? sheet.pupils[chosen.pupil] : undefined
  const lesson = chosen ? sheet.lessons[chosen.lesson] : undefined
  const title = pupil && lesson ? `${pupil.last_name} ${pupil.first_name}, ${date(lesson.date)}` : ''
  return (
    <Dialog title={title} opened={chosen !== null} onClose={close}>
      {pupil && lesson && (
        <Stack>
          <Words sheet={sheet} pupil={pupil} lesson={lesson} may={may} close={close} />
          <History pupil={pupil} lesson={lesson} />
        </Stack>
      )}
    </Dialog>
  )
}

const useSigns = () => {
  const { t } = useTranslation('diary')
  return { credit: t('credit'), noCredit: t('no-credit') }
}

type WordsProps = Omit<Props, 'chosen'> & { pupil: SheetPupil; lesson: Column }

function Words({ sheet, pupil, lesson, may, close }: WordsProps) {
  const { t } = useTranslation('diary')
  const signs = useSigns()
  const { cell } = sheet.shown(lesson.lesson_id, pupil.pupil_id)
  const why = may.whyNot(lesson.date)
  const form = useForm({ initialValues: { comment: cell.comment ?? '', weight: String(cell.weight) } })
  const save = form.onSubmit(({ comment, weight }) => {
    const changed = { ...cell, comment: comment.trim() || null, weight: Number(weight) }
    sheet.edit([[lesson.lesson_id, pupil.pupil_id, changed]])
    close()
  })
  return (
    <Form onSubmit={save}>
      <Text>
        {t('cell-now')} <strong>{textOf(cell, signs) || t('nothing-there')}</strong>
      </Text>
      {why ? (
        <>
          {cell.comment && <Text>{cell.comment}</Text>}
          <Text c="dimmed">{t(`why-not.${why}`)}</Text>
        </>
      ) : (
        <>
          <TextInput
            label={t('comment')}
            description={t('comment-hint')}
            maxLength={300}
            data-autofocus
            {...form.getInputProps('comment')}
          />
          {cell.mark !== null && (
            <Select
              label={t('weight')}
              data={[1, 2, 3, 4, 5].map((one) => ({ value: String(one), label: t(`weight-is.${one}`) }))}
              allowDeselect={false}
              {...form.getInputProps('weight')}
            />
          )}
          <Group>
            <Button type="submit">{t('save')}</Button>
          </Group>
        </>
      )}
    </Form>
  )
}

function History({ pupil, lesson }: { pupil: SheetPupil; lesson: Column }) {
  const { t } = useTranslation('diary')
  const signs = useSigns()
  const history = useQuery({
    queryKey: ['mark-history', lesson.lesson_id, pupil.pupil_id],
    queryFn: () => loadHistory(lesson.lesson_id, pupil.pupil_id),
    gcTime: 0,
  })
  const said = (cell: Partial<Cell>) => textOf({ ...EMPTY, ...cell }, signs) || t('nothing-there')
  return (
    <Stack gap="xs" component="section" aria-label={t('history')}>
      <Title order={3} size="h4">
        {t('history')}
      </Title>
      {history.isPending && <Skeleton h={64} />}
      {history.isError && <Trouble error={history.error} again={() => void history.refetch()} />}
      {history.data?.length === 0 && <Text c="dimmed">{t('history-empty')}</Text>}
      {history.data?.map((change) => (
        <div key={change.version}>
          <Text>
            {said(change.old)} → <strong>{said(change.new)}</strong>
            {change.new.comment ? `, ${change.new.comment}` : ''}
          </Text>
          <Text size="sm" c="dimmed">
            {moment(change.at)}, {change.author.name}
          </Text>
          {change.reason && <Text size="sm">{t('history-reason', { reason: change.reason })}</Text>}
        </div>
      ))}
    </Stack>
  )
}
