import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { moment } from '../../ui/dates'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { DecisionBar } from '../../ui/DecisionBar'
import { Facts } from '../../ui/Facts'
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
      <Verdicts job={job} />
      <Steps job={job} />
    </Stack>
  )
}

function Verdicts({ job }: { job: Job }) {
  const { t } = useTranslation('desk')
  if (job.done === 0) return null
  return (
    <Records
      caption={t('verdicts')}
      rows={VERDICTS.filter((verdict) => verdict !== 'missing' || job.snapshot)}
      keyOf={(verdict) => verdict}
      columns={[
        { name: t('verdict.label'), cell: (verdict) => t(`verdict.${verdict}`) },
        { name: t('rows'), cell: (verdict) => job[verdict] },
        { name: t('verdict.means'), cell: (verdict) => t(`verdict.${verdict}-text`) },
      ]}
    />
  )
}

function Steps({ job }: { job: Job }) {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const [act, setAct] = useState<Act | null>(null)
  const settle = () => {
    void queries.invalidateQueries({ queryKey: ['desk-import'] })
    void queries.invalidateQueries({ queryKey: ['desk-imports'] })
  }
  const stop = useMutation({ mutationFn: () => cancel(job.import_id), onSuccess: settle })
  const save = useMutation({ mutationFn: () => download(job.report_url, 'report.csv') })
  const failed = stop.error ?? save.error
  const mayApply = job.mode === 'dry-run' && job.state === 'done'
  const applying: Act = {
    title: t('act.apply'),
    text: t('act.apply-text', { fresh: job.new, changed: job.changed, rejected: job.rejected }),
    confirm: t('act.apply-do'),
    fields: [],
    send: () => apply(job.import_id),
  }
  return (
    <div>
      {failed && <Trouble error={failed} />}
      <DecisionBar>
        {mayApply && <Button onClick={() => setAct(applying)}>{t('act.apply')}</Button>}
        {job.done > 0 && (
          <Button variant="light" loading={save.isPending} onClick={() => save.mutate()}>
            {t('import-report')}
          </Button>
        )}
        {isRunning(job) && (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('import-cancel')}
          </Button>
        )}
      </DecisionBar>
      <ActDialog act={act} onClose={() => setAct(null)} onDone={settle} />
    </div>
  )
}
