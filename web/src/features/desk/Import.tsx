import { Alert, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import type { Act } from '../../ui/ActDialog'
import { Facts } from '../../ui/Facts'
import { FileSteps, Verdicts } from './FileSteps'
import { apply, cancel, isRunning, type Job, loadImport, VERDICTS } from './imports'
import { RowsDone } from './RowsDone'
import { State } from './State'
import { Thing } from './Thing'

const LOOK_AGAIN = 1_000 // milliseconds

/** An import: how many rows are done, what it has found, and whether it is to be applied. May be left and come back to. */
export function Import() {
  const { t } = useTranslation('desk')
  const { job: id } = useParams({ strict: false }) as { job: string }
  const job = useQuery({
    queryKey: ['desk-import', id],
    queryFn: () => loadImport(id),
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? LOOK_AGAIN : false),
  })
  return (
    <Thing
      title={job.data?.file_name ?? t('import-one')}
      back={{ to: '/desk/imports', name: t('section.imports'), always: true }}
      query={job}
    >
      {() => job.data && <Content job={job.data} />}
    </Thing>
  )
}

function Content({ job }: { job: Job }) {
  const { t } = useTranslation('desk')
  return (
    <Stack gap="xl">
      <Group>
        <State of="import" state={job.state} />
        <Text>{t(`import-mode.${job.mode}`)}</Text>
      </Group>
      {job.mode === 'dry-run' && !isRunning(job) && job.state === 'done' && (
        <Alert variant="light" title={t('import-tried')}>
          <Text c="dark.9">{t('import-tried-text')}</Text>
        </Alert>
      )}
      {job.problem && (
        <Alert color="red" variant="light" role="alert" title={t('import-failed')}>
          <Text c="dark.9">{job.problem.title}</Text>
        </Alert>
      )}
      {isRunning(job) && <RowsDone done={job.done} total={job.total} />}
      <Facts
        facts={[
          [t('import-of'), t(`import-kind.${job.kind}`)],
          [t('snapshot-label'), t(job.snapshot ? 'snapshot-yes' : 'snapshot-no')],
          [t('when'), moment(job.queued_at)],
          [t('finished'), job.finished_at && moment(job.finished_at)],
          [t('rows'), job.total],
        ]}
      />
      {job.done > 0 && (
        <Verdicts
          verdicts={VERDICTS.filter((verdict) => verdict !== 'missing' || job.snapshot)}
          of={job}
          means={(verdict) => t(`verdict.${verdict}-text`)}
        />
      )}
      <Steps job={job} />
    </Stack>
  )
}

function Steps({ job }: { job: Job }) {
  const { t } = useTranslation('desk')
  const applying: Act = {
    title: t('act.apply'),
    text: t('act.apply-text', { fresh: job.new, changed: job.changed, rejected: job.rejected }),
    confirm: t('act.apply-do'),
    fields: [],
    send: () => apply(job.import_id),
  }
  return (
    <FileSteps
      file={job}
      running={isRunning(job)}
      next={job.mode === 'dry-run' && job.state === 'done' ? applying : null}
      cancel={() => cancel(job.import_id)}
      keys={['desk-import', 'desk-imports']}
    />
  )
}
