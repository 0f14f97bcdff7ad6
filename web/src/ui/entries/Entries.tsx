import { Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../dates'
import { Reason } from '../Reason'
import { type Column, Records } from '../Records'
import { Decision } from './Decision'
import { type Entry, reject } from './entries'
import { EntryState } from './EntryState'

interface Props {
  caption: string
  entries: Entry[]
  /** Of many contests: each line says of which, and leads to it below this path. */
  contests?: string
  withSchool?: boolean
}

/** Entries with what there is to decide on them. */
export function Entries({ caption, entries, contests, withSchool = false }: Props) {
  const { t } = useTranslation('entries')
  const queries = useQueryClient()
  const [rejected, setRejected] = useState<Entry | null>(null)
  const [named, setNamed] = useState(rejected) // the last one stays while the dialog fades out
  if (rejected && rejected !== named) setNamed(rejected)
  const settle = () => queries.invalidateQueries({ queryKey: ['contests'] })
  const columns: Column<Entry>[] = [
    { name: t('name'), cell: (one) => <Who of={one} /> },
    ...(contests ? [{ name: t('contest'), cell: (one: Entry) => <Contest of={one} at={contests} /> }] : []),
    ...(withSchool ? [{ name: t('school'), cell: (one: Entry) => one.school_name ?? '—' }] : []),
    { name: t('said'), cell: (one) => <Said of={one} /> },
    { name: t('at'), cell: (one) => <time dateTime={one.at}>{moment(one.at)}</time> },
    {
      name: t('decision'),
      cell: (one) => <Decision of={one} settle={settle} onReject={() => setRejected(one)} />,
    },
  ]
  return (
    <>
      <Records caption={caption} rows={entries} keyOf={(one) => one.entry_id} columns={columns} />
      <Reason
        key={named?.entry_id}
        opened={rejected !== null}
        title={t('reject')}
        text={t('reject-text', { name: named?.name ?? '' })}
        label={t('reason')}
        hint={t('reason-hint')}
        confirm={t('reject-do')}
        onClose={() => setRejected(null)}
        send={async (reason) => {
          await reject(named!.entry_id, reason)
          setRejected(null)
          await settle()
        }}
      />
    </>
  )
}

function Who({ of: { name, post } }: { of: Entry }) {
  return (
    <>
      <Text span fw={600} display="block">
        {name ?? '—'}
      </Text>
      {post && (
        <Text span size="sm" c="dimmed" display="block">
          {post}
        </Text>
      )}
    </>
  )
}

const Contest = ({ of: { contest_id, title }, at }: { of: Entry; at: string }) => (
  <Link to={`${at}/${contest_id}` as never}>{title}</Link>
)

function Said({ of: { state, team, pupils, text, reason } }: { of: Entry }) {
  const { t } = useTranslation('entries')
  const lines = [team, pupils !== null && t('pupils', { count: pupils }), text].filter(Boolean)
  return (
    <>
      <EntryState state={state} />
      {lines.map((line) => (
        <Text key={String(line)} span display="block" mt={4} style={{ whiteSpace: 'pre-line' }}>
          {line}
        </Text>
      ))}
      {reason && (
        <Text span size="sm" display="block" mt={4}>
          {t('because', { reason })}
        </Text>
      )}
    </>
  )
}
