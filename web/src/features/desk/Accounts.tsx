import { Button, Group, SimpleGrid, TextInput } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Account, STATES } from '../../api/accounts'
import { useSession } from '../../api/session'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { useListing } from '../../ui/useListing'
import { type Filters, findAccounts } from './accounts'
import { Choice } from './Filters'
import { State } from './State'

/** Accounts by state, or the one of a login or an address. */
export function Accounts() {
  const { t } = useTranslation('desk')
  const filters = useSearch({ strict: false }) as Filters
  const listed = useListing(['desk-accounts', filters], (cursor) => findAccounts(filters, cursor))
  const roles = useSession()?.roles ?? []
  const mayLookUp = roles.includes('support') || roles.includes('admin')
  return (
    <Page title={t('section.accounts')} wide>
      {mayLookUp && <LookUp key={filters.login ?? filters.email} filters={filters} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'end' }}>
        <Choice
          label={t('filter.state')}
          all={t('filter.any')}
          name="state"
          value={filters.state}
          options={STATES.map((value) => ({ value, label: t(`state.account.${value}`) }))}
        />
        {filters.school && (
          <Button component={Link} to="/desk/accounts" variant="default" w="fit-content">
            {t('filter.all-schools')}
          </Button>
        )}
      </SimpleGrid>
      <Listing listed={listed} empty={t('accounts-empty')}>
        {(items) => <Table items={items} />}
      </Listing>
    </Page>
  )
}

function Table({ items }: { items: Account[] }) {
  const { t } = useTranslation('desk')
  return (
    <Records
      caption={t('accounts-caption')}
      rows={items}
      keyOf={(one) => one.account_id}
      columns={[
        {
          name: t('name'),
          cell: (one) => (
            <Link to={`/desk/accounts/${one.account_id}` as never}>{one.full_name ?? t('nameless')}</Link>
          ),
        },
        { name: t('login'), cell: (one) => one.login ?? '—' },
        { name: t('post'), cell: (one) => one.post ?? '—' },
        { name: t('category.label'), cell: (one) => t(`category.${one.category}`) },
        { name: t('filter.state'), cell: (one) => <State of="account" state={one.state} /> },
      ]}
    />
  )
}

/** The search is on record: who has looked, not whom for. */
function LookUp({ filters }: { filters: Filters }) {
  const { t } = useTranslation('desk')
  const navigate = useNavigate()
  const [typed, setTyped] = useState(filters.login ?? filters.email ?? '')
  const find = (event: FormEvent) => {
    event.preventDefault()
    const wanted = typed.trim()
    const search = wanted === '' ? {} : wanted.includes('@') ? { email: wanted } : { login: wanted }
    void navigate({ to: '/desk/accounts', search } as never)
  }
  return (
    <form role="search" onSubmit={find}>
      <Group align="end">
        <TextInput
          label={t('look-up')}
          description={t('look-up-hint')}
          autoCapitalize="none"
          spellCheck={false}
          style={{ flex: '1 1 240px' }}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit">{t('find')}</Button>
      </Group>
    </form>
  )
}
