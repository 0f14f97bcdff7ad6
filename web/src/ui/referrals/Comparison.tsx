import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Referral } from '../../api/referrals'
import { fullName } from '../names'
import { Records } from '../Records'

type Candidate = Referral['candidates'][number]

const FIELDS = ['name', 'email', 'post', 'division', 'category'] as const
type Field = (typeof FIELDS)[number]

/** The applicant beside everybody on the roll who it may be; what is the same is said, not only coloured. */
export function Comparison({ referral }: { referral: Referral }) {
  const { t } = useTranslation('referrals')
  const { applicant, candidates, category } = referral
  const asked = { ...applicant, name: fullName(applicant), division: null, category: t(`as.${category}`) }
  const known = candidates.map((one: Candidate) => ({
    ...one,
    name: fullName(one),
    category: t(`as.${one.category}`),
  }))
  return (
    <Records
      caption={t('compare')}
      rows={FIELDS.filter((field) => asked[field] || known.some((one) => one[field]))}
      keyOf={(field) => field}
      columns={[
        { name: t('field'), cell: (field) => <Text fw={600}>{t(`fields.${field}`)}</Text> },
        { name: t('asked'), cell: (field) => asked[field] || '—' },
        ...known.map((one, place) => ({
          name: t('known', { count: candidates.length, place: place + 1 }),
          cell: (field: Field) => <Known value={one[field] ?? ''} same={isSame(one[field], asked[field])} />,
        })),
      ]}
    />
  )
}

type Value = string | null | undefined
const plain = (text: Value) => (text ?? '').trim().toLowerCase().replaceAll('ё', 'е')
const isSame = (one: Value, other: Value) => plain(one) === plain(other)

function Known({ value, same }: { value: string; same: boolean }) {
  const { t } = useTranslation('referrals')
  if (!value) return t('none')
  return (
    <Group gap={4} component="span">
      <span>{value}</span>
      <Text span size="sm" c={same ? 'var(--mantine-color-green-light-color)' : 'dimmed'}>
        {same ? `✓ ${t('same')}` : t('differs')}
      </Text>
    </Group>
  )
}
