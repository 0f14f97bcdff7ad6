import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account as Known } from '../../api/accounts'
import { useSession } from '../../api/session'
import { date, moment } from '../../ui/dates'
import { actOf, actsOf, loadAccount } from './accounts'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { DecisionBar } from '../../ui/DecisionBar'
import { ErasureState } from './ErasureState'
import { Facts } from '../../ui/Facts'
import { loadSchool } from '../../api/referrals'
import { SignInCard } from './SignInCard'
import { State } from './State'
import { Thing } from './Thing'

/** An account: how it stands, why it does not open, what may be done, how far its erasure is. */
export function Account() {
  const { t } = useTranslation('desk')
  const { account: id } = useParams({ strict: false }) as { account: string }
  const account = useQuery({ queryKey: ['desk-account', id], queryFn: () => loadAccount(id) })
  return (
    <Thing
      title={account.data ? (account.data.full_name ?? t('nameless')) : t('account.one')}
      back={{ to: '/desk/accounts', name: t('section.accounts'), always: true }}
      query={account}
    >
      {() => account.data && <Content account={account.data} />}
    </Thing>
  )
}

function Content({ account }: { account: Known }) {
  const { t } = useTranslation('desk')
  const roles = useSession()?.roles ?? []
  const mayAct = roles.includes('support') || roles.includes('admin')
  const school = useQuery({
    queryKey: ['school', account.school_id],
    queryFn: () => loadSchool(account.school_id),
  })
  const isEnded = account.state === 'disabled' || account.state === 'erased'
  return (
    <Stack gap="xl">
      <Group>
        <State of="account" state={account.state} />
        {account.disable_at && <Text>{t('account.disable-at', { at: date(account.disable_at) })}</Text>}
      </Group>
      <Facts
        facts={[
          [t('login'), account.login],
          [t('post'), account.post],
          [t('category.label'), t(`category.${account.category}`)],
          [t('school'), school.data?.short_name],
          [t('account.activated'), account.activated_at && moment(account.activated_at)],
          [t('reason'), account.reason && t(`account.why.${account.reason}`, account.reason)],
          [t('account.number'), account.account_id],
        ]}
      />
      <Group gap="lg">
        <Link to="/desk/accounts" search={{ school: account.school_id } as never}>
          {t('account.same-school')}
        </Link>
        {roles.includes('support') && (
          <Link to="/desk/deliveries" search={{ about: account.account_id } as never}>
            {t('account.mails')}
          </Link>
        )}
        {roles.includes('security') && (
          <Link to="/desk/audit" search={{ account_id: account.account_id } as never}>
            {t('account.audit')}
          </Link>
        )}
      </Group>
      {mayAct && !isEnded && <SignInCard accountId={account.account_id} />}
      {isEnded && <ErasureState id={account.account_id} />}
      {mayAct && <Acts account={account} endsIt={roles.includes('admin')} />}
    </Stack>
  )
}

/** The desk ends an account on its ticket's page alone, after a check. */
function Acts({ account, endsIt }: { account: Known; endsIt: boolean }) {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const [act, setAct] = useState<Act | null>(null)
  const acts = actsOf(account.state).filter((code) => endsIt || code !== 'disable-account')
  const settle = () => {
    for (const key of ['desk-account', 'desk-accounts', 'desk-deeds', 'sign-in-card']) {
      void queries.invalidateQueries({ queryKey: [key] })
    }
  }
  return (
    <>
      {acts.length > 0 && (
        <DecisionBar>
          {acts.map((code) => (
            <Button
              key={code}
              variant={code === 'disable-account' ? 'subtle' : 'light'}
              color={code === 'disable-account' ? 'red' : undefined}
              onClick={() => setAct(actOf(code, account, t as never))}
            >
              {t(`act.${code}`)}
            </Button>
          ))}
        </DecisionBar>
      )}
      <ActDialog act={act} onClose={() => setAct(null)} onDone={settle} />
    </>
  )
}
