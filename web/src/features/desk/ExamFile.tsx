import { Alert, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { lastDay, moment } from '../../ui/dates'
import type { Act } from '../../ui/ActDialog'
import { ExamRows } from './ExamRows'
import { type Batch, cancel, isRunning, loadBatch, publish, titleOf, VERDICTS } from './examFiles'
import { FileSteps, Verdicts } from './FileSteps'
import { Facts } from '../../ui/Facts'
import { RowsDone } from './RowsDone'
import { State } from './State'
import { Thing } from './Thing'

const LOOK_AGAIN = 1_000 // milliseconds

/** A file of exam results: how far it is, what it would change, and whether it is published. May be left and come back to. */
export function ExamFile() {
  const { t } = useTranslation('desk')
  const { batch: id } = useParams({ strict: false }) as { batch: string }
  const batch = useQuery({
    queryKey: ['desk-exam', id],
    queryFn: () => loadBatch(id),
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? LOOK_AGAIN : false),
  })
  return (
    <Thing
      title={batch.data ? titleOf(batch.data) : t('exam.one')}
      back={{ to: '/desk/exams', name: t('exam.title'), always: true }}
      query={batch}
    >
      {() => batch.data && <Content batch={batch.data} />}
    </Thing>
  )
}

function Content({ batch }: { batch: Batch }) {
  const { t } = useTranslation('desk')
  return (
    <Stack gap="xl">
      <Group>
        <State of="import" state={batch.state} />
        <Text>{t(batch.published_at ? 'exam.published' : `exam.mode.${batch.mode}`)}</Text>
      </Group>
      <Outcome batch={batch} />
      {isRunning(batch) && <RowsDone done={batch.done} total={batch.total} />}
      <Facts
        facts={[
          [t('file'), batch.file_name],
          [t('exam.reason'), batch.reason],
          [t('when'), moment(batch.queued_at)],
          [t('exam.published-at'), batch.published_at && moment(batch.published_at)],
          [
            t('exam.appeal'),
            batch.appeal_until && t('exam.appeal-until', { day: lastDay(batch.appeal_until) }),
          ],
          [t('rows'), batch.total],
        ]}
      />
      {batch.state === 'done' && (
        <Verdicts verdicts={VERDICTS} of={batch} means={(verdict) => t(`exam.verdict.${verdict}`)} />
      )}
      {batch.rejected > 0 && <ExamRows id={batch.batch_id} verdict="rejected" />}
      {batch.changed > 0 && <ExamRows id={batch.batch_id} verdict="changed" />}
      <Steps batch={batch} />
    </Stack>
  )
}

function Outcome({ batch }: { batch: Batch }) {
  const { t } = useTranslation('desk')
  if (batch.problem) {
    return (
      <Alert color="red" variant="light" role="alert" title={t('import-failed')}>
        <Text c="dark.9">{batch.problem.title}</Text>
      </Alert>
    )
  }
  if (batch.state !== 'done') return null
  const code = batch.published_at
    ? 'published'
    : batch.mode === 'apply'
      ? 'same'
      : hasNews(batch)
        ? 'tried'
        : 'idle'
  return (
    <Alert
      variant="light"
      color={batch.published_at ? 'green' : 'blue'}
      title={t(`exam.outcome.${code}`)}
      role="status"
    >
      <Text c="dark.9">{t(`exam.outcome.${code}-text`)}</Text>
    </Alert>
  )
}

const hasNews = (batch: Batch) => batch.new + batch.changed > 0

function Steps({ batch }: { batch: Batch }) {
  const { t } = useTranslation('desk')
  const publishing: Act = {
    title: t('exam.publish'),
    text: t('exam.publish-text', { fresh: batch.new, changed: batch.changed, rejected: batch.rejected }),
    confirm: t('exam.publish-do'),
    fields: [],
    send: () => publish(batch.batch_id),
  }
  return (
    <FileSteps
      file={batch}
      running={isRunning(batch)}
      next={batch.mode === 'dry-run' && batch.state === 'done' && hasNews(batch) ? publishing : null}
      cancel={() => cancel(batch.batch_id)}
      keys={['desk-exam', 'desk-exams']}
    />
  )
}
