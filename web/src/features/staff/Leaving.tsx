import { Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Account } from '../../api/accounts'
import { date } from '../../ui/dates'
import { Records } from '../../ui/Records'

/** Who is off the roll and whose account ends soon. The support desk alone gives one back. */
export function Leaving({ accounts }: { accounts: Account[] }) {
  const { t } = useTranslation('staff')
  if (accounts.length === 0) return null
  return (
    <Stack component="section" gap="sm" data-print="never">
      <Title order={2} size="h4">
        {t('leaving')}
      </Title>
      <Text>
        {t('leaving-text')} <Link to={'/help/question' as never}>{t('import-ask')}</Link>
      </Text>
      <Records
        caption={t('leaving-caption')}
        rows={accounts}
        keyOf={(one) => one.account_id}
        columns={[
          { name: t('name'), cell: (one) => one.full_name ?? one.login ?? '—' },
          { name: t('post'), cell: (one) => one.post ?? '—' },
          { name: t('leaving-until'), cell: (one) => date(one.disable_at!) },
        ]}
      />
    </Stack>
  )
}
