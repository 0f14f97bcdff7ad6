import { Alert, Group, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Records } from '../../ui/Records'
import type { Review } from './applications'

type Form = Review['application']['school']
type Likeness = Review['schools'][number]

const MOST = 2 // schools beside the application: the most alike come first

const FIELDS = [
  'short_name',
  'full_name',
  'kind',
  'inn',
  'kpp',
  'ogrn',
  'address',
  'district',
  'phone',
  'email',
  'site',
] as const

function known(likeness: Likeness, field: (typeof FIELDS)[number]): string {
  const { school } = likeness
  if (field === 'phone') return school.phones.join(', ')
  if (field === 'email') return school.emails.join(', ')
  return school[field] ?? ''
}

/** What is applied for beside each school that it may be; what is the same is said, not only coloured. */
export function SideBySide({ form, schools: alike }: { form: Form; schools: Likeness[] }) {
  const schools = alike.slice(0, MOST)
  const { t } = useTranslation('desk')
  return (
    <section>
      <Title order={2} size="h4" mb="sm">
        {t('compare')}
      </Title>
      {schools.length === 0 && (
        <Alert color="green" variant="light" mb="md" title={t('compare-none')}>
          <Text c="dark.9">{t('compare-none-text')}</Text>
        </Alert>
      )}
      {schools.map((likeness) => (
        <Alert
          key={likeness.school.school_id}
          color="orange"
          variant="light"
          mb="md"
          title={likeness.school.short_name}
        >
          <Text c="dark.9">
            {t('compare-same', { what: likeness.matches.map((one) => t(`match.${one}`)).join(', ') })}
            {likeness.head_name && ` ${t('compare-head', { name: likeness.head_name })}`}
            {likeness.applicant_is_head && ` ${t('compare-is-head')}`}
          </Text>
        </Alert>
      ))}
      <Records
        caption={t('compare-caption')}
        rows={FIELDS.filter((field) => form[field] || schools.some((one) => known(one, field)))}
        keyOf={(field) => field}
        columns={[
          { name: t('compare-field'), cell: (field) => <Text fw={600}>{t(`field.${field}`)}</Text> },
          { name: t('compare-form'), cell: (field) => form[field] || '—' },
          ...schools.map((likeness) => ({
            name: likeness.school.short_name,
            cell: (field: (typeof FIELDS)[number]) => (
              <Known value={known(likeness, field)} same={known(likeness, field) === (form[field] ?? '')} />
            ),
          })),
        ]}
      />
    </section>
  )
}

function Known({ value, same }: { value: string; same: boolean }) {
  const { t } = useTranslation('desk')
  if (!value) return '—'
  return (
    <Group gap={4} component="span">
      <span>{value}</span>
      {same && (
        <Text span size="sm" c="var(--mantine-color-green-light-color)">
          ✓ {t('same')}
        </Text>
      )}
    </Group>
  )
}
