import { Card, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Referral } from '../../api/referrals'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { fullName } from '../../ui/names'
import { Page } from '../../ui/Page'
import { useReferrals } from '../../ui/referrals/useReferrals'
import classes from './Referrals.module.css'

/** Who asks for access as somebody of the school, and cannot be told by the roll alone. */
export function Referrals() {
  const { t } = useTranslation('staff')
  return (
    <Page title={t('referrals')}>
      <Text>{t('referrals-text')}</Text>
      <Listing listed={useReferrals()} empty={t('referrals-empty')}>
        {(items) => (
          <ul className={classes.list}>
            {items.map((one) => (
              <Asked key={one.request_id} referral={one} />
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}

function Asked({ referral }: { referral: Referral }) {
  const { t } = useTranslation(['staff', 'referrals'])
  const { applicant, reason, until, request_id: id } = referral
  return (
    <Card component="li" withBorder padding="md" className={classes.card}>
      <Link to={`/referrals/${id}` as never} className={classes.name}>
        {fullName(applicant)}
      </Link>
      {applicant.post && <Text>{applicant.post}</Text>}
      <Text>{t(`referrals:why.${reason}`, reason)}</Text>
      {until && (
        <Text size="sm" c="var(--mantine-color-orange-light-color)">
          {t('decide-until', { at: moment(until) })}
        </Text>
      )}
    </Card>
  )
}
