import { Button, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account } from '../../api/accounts'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { date } from '../../ui/dates'
import { fullName } from '../../ui/names'
import { Records } from '../../ui/Records'
import { accountIs } from './find'
import { type Member, resume } from './roll'

interface Props {
  accounts: Account[]
  members: Member[]
  settle: () => void
}

/** Who is off the roll and whose account ends soon: whoever was removed by mistake is enrolled anew and taken back. */
export function Leaving({ accounts, members, settle }: Props) {
  const { t } = useTranslation('staff')
  const [act, setAct] = useState<Act | null>(null)
  if (accounts.length === 0) return null
  const takeBack = (account: Account): Act => ({
    title: t('take-back'),
    text: t('take-back-text', { name: account.full_name ?? account.login }),
    confirm: t('take-back'),
    fields: [
      {
        name: 'staff_id',
        label: t('take-back-record'),
        hint: t('take-back-record-hint'),
        options: members
          .filter((one) => accountIs(one) === 'none')
          .map((one) => ({ value: one.staff_id, label: `${fullName(one)}, ${one.post}` })),
      },
      { name: 'reason', label: t('reason') },
    ],
    send: ({ staff_id, reason }) => resume(account.account_id, reason!, staff_id),
  })
  return (
    <Stack component="section" gap="sm" data-print="never">
      <Title order={2} size="h4">
        {t('leaving')}
      </Title>
      <Text>{t('leaving-text')}</Text>
      <Records
        caption={t('leaving-caption')}
        rows={accounts}
        keyOf={(one) => one.account_id}
        columns={[
          { name: t('name'), cell: (one) => one.full_name ?? one.login ?? '—' },
          { name: t('post'), cell: (one) => one.post ?? '—' },
          { name: t('leaving-until'), cell: (one) => date(one.disable_at!) },
          {
            name: t('mistake'),
            cell: (one) => (
              <Button variant="light" onClick={() => setAct(takeBack(one))}>
                {t('take-back')}
              </Button>
            ),
          },
        ]}
      />
      <ActDialog act={act} onClose={() => setAct(null)} onDone={settle} />
    </Stack>
  )
}
