import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isOver, lastDay, moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Records } from '../../ui/Records'
import { useListing } from '../../ui/useListing'
import { loadResults, MOST_AT_ONCE, type Result, type Set } from './exams'
import { Familiarise } from './Familiarise'
import { History } from './History'

/** Every result by the code of its pupil, and whether the pupil knows it. */
export function Participants({ set }: { set: Set }) {
  const { t } = useTranslation('exams')
  const listed = useListing(['exam-results', set.set_id], loadResults(set))
  const [telling, setTelling] = useState<Result[] | null>(null)
  const [past, setPast] = useState<Result | null>(null)
  const untold = listed.items.filter(({ familiarised }) => !familiarised).slice(0, MOST_AT_ONCE)
  return (
    <>
      <Listing listed={listed} empty={t('unknown')}>
        {(items) => (
          <Stack>
            {untold.length > 1 && (
              <Button w="fit-content" onClick={() => setTelling(untold)}>
                {t('tell-all', { count: untold.length })}
              </Button>
            )}
            <Records
              caption={t('results-caption')}
              rows={items}
              keyOf={({ result_id }) => result_id}
              columns={[
                { name: t('code'), cell: ({ code }) => <Text fw={600}>{code}</Text> },
                { name: t(items.some(({ mark }) => mark !== null) ? 'mark' : 'test_score'), cell: Score },
                { name: t('state.label'), cell: (one) => <State of={one} onPast={() => setPast(one)} /> },
                { name: t('appeal'), cell: (one) => <Appeal until={one.appeal_until} /> },
                {
                  name: t('familiarisation'),
                  cell: (one) => <Known of={one} onTell={() => setTelling([one])} />,
                },
              ]}
            />
          </Stack>
        )}
      </Listing>
      <Familiarise results={telling} onClose={() => setTelling(null)} />
      <History of={past} onClose={() => setPast(null)} />
    </>
  )
}

/** What the exam is compared by, and the primary score below. */
function Score({ mark, test_score, primary_score }: Result) {
  const { t } = useTranslation('exams')
  return (
    <>
      <Text>{mark ?? test_score ?? '—'}</Text>
      {primary_score !== null && (
        <Text size="sm" c="dimmed">
          {t('primary', { score: primary_score })}
        </Text>
      )}
    </>
  )
}

function State({ of: { state, version, code }, onPast }: { of: Result; onPast: () => void }) {
  const { t } = useTranslation('exams')
  if (version === 1) return t(`state.${state}`)
  return (
    <Group gap={4}>
      <Badge color={state === 'annulled' ? 'red.2' : 'orange.2'} c="dark.9" size="lg" fw={500} radius="sm">
        {t(`state.${state}`)}
      </Badge>
      <Button
        variant="subtle"
        size="sm"
        px={8}
        aria-label={t('version-of', { version, code })}
        onClick={onPast}
      >
        {t('version', { version })}
      </Button>
    </Group>
  )
}

function Appeal({ until }: { until: string }) {
  const { t } = useTranslation('exams')
  if (isOver(until)) return <Text c="dimmed">{t('appeal-over')}</Text>
  return <time dateTime={until}>{t('appeal-until', { day: lastDay(until) })}</time>
}

function Known({ of: { code, familiarised }, onTell }: { of: Result; onTell: () => void }) {
  const { t } = useTranslation('exams')
  if (familiarised) return t('known', { at: moment(familiarised.at), by: familiarised.by ?? '' })
  return (
    <Button variant="light" size="sm" aria-label={t('tell-of', { code })} onClick={onTell}>
      {t('tell')}
    </Button>
  )
}
