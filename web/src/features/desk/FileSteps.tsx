import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { DecisionBar } from '../../ui/DecisionBar'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'

interface VerdictsProps<Verdict extends string> {
  verdicts: readonly Verdict[]
  of: Record<Verdict, number>
  /** What follows from a verdict. */
  means: (verdict: Verdict) => string
}

/** How many rows of a file have which verdict. */
export function Verdicts<Verdict extends string>({ verdicts, of, means }: VerdictsProps<Verdict>) {
  const { t } = useTranslation('desk')
  return (
    <Records
      caption={t('verdicts')}
      rows={[...verdicts]}
      keyOf={(verdict) => verdict}
      columns={[
        { name: t('verdict.label'), cell: (verdict) => t(`verdict.${verdict}`) },
        { name: t('rows'), cell: (verdict) => of[verdict] },
        { name: t('verdict.means'), cell: means },
      ]}
    />
  )
}

interface StepsProps {
  file: { done: number; report_url: string }
  running: boolean
  /** What can be done with it once it has been tried; null: nothing. */
  next: Act | null
  cancel: () => Promise<unknown>
  /** Queries that are asked again after a step. */
  keys: string[]
}

/** What can be done with a file: go on, take the report along, stop. */
export function FileSteps({ file, running, next, cancel, keys }: StepsProps) {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const [act, setAct] = useState<Act | null>(null)
  const settle = () => keys.forEach((key) => void queries.invalidateQueries({ queryKey: [key] }))
  const stop = useMutation({ mutationFn: cancel, onSuccess: settle })
  const save = useMutation({ mutationFn: () => download(file.report_url, 'report.csv') })
  const failed = stop.error ?? save.error
  return (
    <>
      {failed && <Trouble error={failed} />}
      <DecisionBar>
        {next && <Button onClick={() => setAct(next)}>{next.title}</Button>}
        {file.done > 0 && (
          <Button variant="light" loading={save.isPending} onClick={() => save.mutate()}>
            {t('import-report')}
          </Button>
        )}
        {running && (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('import-cancel')}
          </Button>
        )}
      </DecisionBar>
      <ActDialog act={act} onClose={() => setAct(null)} onDone={settle} />
    </>
  )
}
