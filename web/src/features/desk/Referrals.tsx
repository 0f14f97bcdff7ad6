import { Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Bench } from './Bench'
import { fullName } from '../../ui/names'
import { useReferrals } from '../../ui/referrals/useReferrals'

/** Account requests that a person has to decide. */
export function Referrals() {
  const { t } = useTranslation(['desk', 'referrals'])
  const { request } = useParams({ strict: false }) as { request?: string }
  return (
    <Bench
      title={t('section.referrals')}
      empty={t('referrals-empty')}
      listed={useReferrals()}
      current={request}
      keyOf={(referral) => referral.request_id}
      pathOf={(key) => `/desk/referrals/${key}`}
    >
      {(referral) => (
        <>
          <Text fw={600}>
            {referral.number} · {fullName(referral.applicant)}
          </Text>
          <Text>{t(`referrals:why.${referral.reason}`, referral.reason)}</Text>
          <Text size="sm" c="dimmed">
            {t(`referral-to.${referral.to}`)}
            {referral.until && ` · ${t('until', { at: moment(referral.until) })}`}
          </Text>
        </>
      )}
    </Bench>
  )
}
