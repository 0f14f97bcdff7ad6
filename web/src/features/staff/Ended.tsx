import { Alert, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { date } from '../../ui/dates'
import { accountIs } from './find'
import { loadAccount, type Member } from './roll'

const LOOK_AGAIN = 2_000 // milliseconds

/** Somebody who has just been taken off the roll: the account follows within moments. */
export function Ended({ member }: { member: Member }) {
  const { t } = useTranslation('staff')
  const id = accountIs(member) === 'none' ? undefined : member.account?.account_id
  const account = useQuery({
    queryKey: ['account', id],
    queryFn: () => loadAccount(id!),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.disable_at ? false : LOOK_AGAIN),
  })
  const at = account.data?.disable_at
  return (
    <Alert color={id && !at ? 'orange' : 'green'} variant="light" role="status">
      <Text c="dark.9">
        {!id && t('ended-no-account')}
        {id && (at ? t('ended-suspended', { at: date(at) }) : t('ended-suspending'))}
      </Text>
    </Alert>
  )
}
