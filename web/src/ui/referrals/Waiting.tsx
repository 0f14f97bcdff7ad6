import { Alert, Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useReferrals } from './useReferrals'

/** For a head's pages: how many people wait for a decision; nothing while nobody does. */
export function Waiting() {
  const { t } = useTranslation('referrals')
  const { items } = useReferrals()
  if (items.length === 0) return null
  return (
    <Alert color="orange" variant="light" title={t('waiting', { count: items.length })}>
      <Text c="dark.9">{t('waiting-text')}</Text>
      <Anchor component={Link} to={'/referrals' as never} fw={600} display="inline-block" py={10}>
        {t('look')}
      </Anchor>
    </Alert>
  )
}
