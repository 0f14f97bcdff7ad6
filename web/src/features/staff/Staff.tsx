import { Button, Group, Select, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { fullName } from '../../ui/names'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { Waiting } from '../../ui/referrals/Waiting'
import { Trouble } from '../../ui/Trouble'
import { AccountBadge } from './AccountBadge'
import { type AccountIs, ACCOUNTS, find } from './find'
import { Leaving } from './Leaving'
import { type Member, useRoll } from './roll'

interface Filters {
  q?: string
  account?: AccountIs
}

/** Who works at the school, and how each one's account stands. */
export function Staff() {
  const { t } = useTranslation(['staff', 'ui'])
  const filters = useSearch({ strict: false }) as Filters
  const roll = useRoll()
  const found = find(roll.members, filters.q ?? '', filters.account)
  return (
    <Page title={t('title')} wide>
      <Waiting />
      <Group>
        <Button component={Link} to={'/staff/new' as never}>
          {t('add')}
        </Button>
        <Button variant="default" onClick={() => window.print()}>
          {t('ui:print')}
        </Button>
      </Group>
      {roll.members.length > 0 && <Find filters={filters} />}
      {roll.error && <Trouble error={roll.error} again={roll.again} />}
      {roll.isPending && !roll.error && <Shape />}
      {!roll.isPending && roll.members.length === 0 && <Text c="dimmed">{t('empty')}</Text>}
      {roll.members.length > 0 && found.length === 0 && <Text role="status">{t('found-none')}</Text>}
      {found.length > 0 && <Table members={found} hasStates={roll.hasStates} />}
      <Leaving accounts={roll.leaving} />
      <Text c="dimmed" data-print="never">
        {t('import')} <Link to={'/help/question' as never}>{t('import-ask')}</Link>
      </Text>
    </Page>
  )
}

function Find({ filters }: { filters: Filters }) {
  const { t } = useTranslation('staff')
  const navigate = useNavigate()
  const set = (changed: Filters) =>
    void navigate({ to: '/staff', search: { ...filters, ...changed }, replace: true } as never)
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} role="search" style={{ alignItems: 'end' }}>
      <TextInput
        label={t('find')}
        value={filters.q ?? ''}
        onChange={(event) => set({ q: event.currentTarget.value || undefined })}
      />
      <Select
        label={t('account.label')}
        data={[
          { value: 'all', label: t('account.all') },
          ...ACCOUNTS.map((value) => ({ value, label: t(`account.${value}`) })),
        ]}
        allowDeselect={false}
        value={filters.account ?? 'all'}
        onChange={(value) => set({ account: value === 'all' ? undefined : (value as AccountIs) })}
      />
    </SimpleGrid>
  )
}

function Shape() {
  const { t } = useTranslation('ui')
  return (
    <Stack gap="xs" role="status" aria-label={t('loading')}>
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} h={48} />
      ))}
    </Stack>
  )
}

function Table({ members, hasStates }: { members: Member[]; hasStates: boolean }) {
  const { t } = useTranslation('staff')
  return (
    <Records
      caption={t('people', { count: members.length })}
      rows={members}
      keyOf={(one) => one.staff_id}
      columns={[
        {
          name: t('name'),
          cell: (one) => <Link to={`/staff/${one.staff_id}` as never}>{fullName(one)}</Link>,
        },
        { name: t('post'), cell: (one) => <Post member={one} /> },
        { name: t('division'), cell: (one) => one.division ?? '—' },
        { name: t('category'), cell: (one) => t(`as.${one.category}`) },
        {
          name: t('account.label'),
          cell: (one) => (hasStates ? <AccountBadge member={one} /> : <Skeleton h={26} w={120} />),
        },
      ]}
    />
  )
}

function Post({ member: { post, proposed_post: proposed } }: { member: Member }) {
  const { t } = useTranslation('staff')
  if (!proposed) return post
  return (
    <>
      {post}
      <Text size="sm" c="var(--mantine-color-orange-light-color)">
        {t('proposes', { post: proposed })}
      </Text>
    </>
  )
}
