import { Alert, Button, Group, Select, Skeleton, Text, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cabinet, unwrap } from '../../api/client'
import { Refused } from '../../api/problem'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { useFrame } from './Journal'
import { useMay } from './may'
import { TermChoice } from './TermChoice'

interface Standing {
  pupil_id: string
  last_name: string
  first_name: string
  average: number | null
  allowed: number[]
  proposed: number | null
  mark: number | null
  credit: boolean | null
  version: number
}

interface Asked {
  class: string
  subject: string
  term: string | null
}

const YEAR = 'year'
const query = (of: Asked) => ({ class_id: of.class, subject_id: of.subject, term_id: of.term })

/** Final marks of a term or the year: what the marks come to, what the rule says of it, what is given. */
export function Finals() {
  const { t } = useTranslation('diary')
  const of = useParams({ strict: false }) as { class: string; subject: string }
  const { term: wanted } = useSearch({ strict: false }) as { term?: string }
  const navigate = useNavigate()
  const frame = useFrame(of, wanted)
  const term = wanted === YEAR ? null : (frame.term?.term_id ?? null)
  return (
    <Page title={`${t('finals')} ${frame.name}`} wide>
      {frame.isPending && <Skeleton h={320} />}
      {frame.error && <Trouble error={frame.error} again={frame.again} />}
      {!frame.isPending && !frame.error && !frame.term && <Text>{t('no-terms')}</Text>}
      {frame.term && (
        <>
          <TermChoice
            terms={frame.terms}
            term={term ?? YEAR}
            year={YEAR}
            choose={(chosen) => void navigate({ search: { term: chosen } as never, replace: true })}
          />
          <Sheet key={term} of={{ ...of, term }} frame={frame.term} />
        </>
      )}
    </Page>
  )
}

function Sheet({ of, frame }: { of: Asked; frame: Parameters<typeof useMay>[1] }) {
  const { t } = useTranslation('diary')
  const { may, error, again } = useMay(of, frame)
  const finals = useQuery({
    queryKey: ['finals', of],
    queryFn: async () =>
      (await unwrap(cabinet.GET('/api/cabinet/finals', { params: { query: query(of) } }))) as unknown as {
        items: Standing[]
      },
    gcTime: 0,
  })
  if (error) return <Trouble error={error} again={again} />
  if (finals.isPending || !may) return <Skeleton h={320} />
  if (finals.isError) return <Trouble error={finals.error} again={() => void finals.refetch()} />
  if (finals.data.items.length === 0) return <Text c="dimmed">{t('journal-no-pupils')}</Text>
  return <Given of={of} standings={finals.data.items} mayGive={may.teaches} />
}

const valueOf = ({ mark, credit }: Pick<Standing, 'mark' | 'credit'>) =>
  mark !== null ? String(mark) : credit === null ? '' : credit ? '+' : '-'

const givenBy = (value: string) => ({
  mark: /\d/.test(value) ? Number(value) : null,
  credit: value === '+' ? true : value === '-' ? false : null,
})

interface GivenProps {
  of: Asked
  standings: Standing[]
  mayGive: boolean
}

function Given({ of, standings, mayGive }: GivenProps) {
  const { t, i18n } = useTranslation(['diary', 'ui'])
  const queries = useQueryClient()
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const changed = standings.filter((one) => (chosen[one.pupil_id] ?? valueOf(one)) !== valueOf(one))
  const isOff = changed.some(({ pupil_id, allowed }) => {
    const { mark } = givenBy(chosen[pupil_id]!)
    return mark !== null && !allowed.includes(mark)
  })

  async function save() {
    setBusy(true)
    setError(null)
    const marks = changed.map(({ pupil_id, version }) => ({
      pupil_id,
      version,
      ...givenBy(chosen[pupil_id]!),
    }))
    try {
      await unwrap(
        cabinet.PUT('/api/cabinet/finals', {
          body: { ...query(of), finals: marks, reason: reason.trim() || null },
        }),
      )
      await queries.invalidateQueries({ queryKey: ['journal', of.class, of.subject] })
      await queries.invalidateQueries({ queryKey: ['finals', of] })
      setChosen({})
      setReason('')
    } catch (refusal) {
      if (refusal instanceof Refused && refusal.problem.status === 412) {
        await queries.invalidateQueries({ queryKey: ['finals', of] })
      }
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }

  const propose = () =>
    setChosen((now) => ({
      ...Object.fromEntries(
        standings
          .filter((one) => one.proposed !== null && valueOf(one) === '')
          .map((one) => [one.pupil_id, String(one.proposed)]),
      ),
      ...now,
    }))
  const choices = [
    { value: '', label: t('final-none') },
    ...['5', '4', '3', '2'].map((value) => ({ value, label: value })),
    { value: '+', label: t('credit') },
    { value: '-', label: t('no-credit') },
  ]
  return (
    <>
      {mayGive && (
        <Button variant="light" w="fit-content" onClick={propose}>
          {t('final-propose')}
        </Button>
      )}
      <Records
        caption={t('finals-caption')}
        rows={standings}
        keyOf={(one) => one.pupil_id}
        columns={[
          { name: t('pupil'), cell: (one) => `${one.last_name} ${one.first_name}` },
          {
            name: t('average'),
            cell: (one) => one.average?.toLocaleString(i18n.language, { minimumFractionDigits: 2 }) ?? '—',
          },
          { name: t('final-rule'), cell: (one) => one.allowed.join(' / ') || '—' },
          {
            name: t('final'),
            cell: (one) =>
              mayGive ? (
                <Select
                  aria-label={`${t('final')}, ${one.last_name} ${one.first_name}`}
                  w={140}
                  data={choices}
                  allowDeselect={false}
                  value={chosen[one.pupil_id] ?? valueOf(one)}
                  onChange={(value) => setChosen((now) => ({ ...now, [one.pupil_id]: value ?? '' }))}
                />
              ) : (
                (choices.find(({ value }) => value && value === valueOf(one))?.label ?? '—')
              ),
          },
        ]}
      />
      {isOff && (
        <TextInput
          label={t('final-reason')}
          description={t('final-reason-hint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={error && !reason.trim() ? t('ui:required') : undefined}
        />
      )}
      {error instanceof Refused && error.problem.status === 412 ? (
        <Alert color="orange" variant="light" role="alert" title={t('final-stale')}>
          <Text c="dark.9">{t('final-stale-text')}</Text>
        </Alert>
      ) : (
        error !== null && <Trouble error={error} />
      )}
      {mayGive && (
        <Group>
          <Button disabled={changed.length === 0} loading={busy} onClick={() => void save()}>
            {t('final-save', { count: changed.length })}
          </Button>
        </Group>
      )}
    </>
  )
}
