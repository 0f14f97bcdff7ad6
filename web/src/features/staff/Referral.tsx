import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Referral as Asked } from '../../api/referrals'
import { moment } from '../../ui/dates'
import { fullName } from '../../ui/names'
import { Page } from '../../ui/Page'
import { Comparison } from '../../ui/referrals/Comparison'
import { type Ending, Outcome } from '../../ui/referrals/Outcome'
import { ReferralDecision } from '../../ui/referrals/ReferralDecision'
import { useReferral } from '../../ui/referrals/useReferrals'
import { Trouble } from '../../ui/Trouble'
import { Back } from './Back'

/** Somebody who asks for access: beside whom the roll has, until when, and the head's word. */
export function Referral() {
  const { request } = useParams({ strict: false }) as { request: string }
  return <One key={request} request={request} />
}

function One({ request }: { request: string }) {
  const { t } = useTranslation('staff')
  const queries = useQueryClient()
  const { found, error, isPending, again } = useReferral(request)
  const [ended, setEnded] = useState<{ ending: Ending; referral: Asked } | null>(null)
  const shown = ended?.referral ?? found
  const settle = () => {
    void queries.invalidateQueries({ queryKey: ['referrals'] })
    void queries.invalidateQueries({ queryKey: ['roll'] })
  }
  const end = (ending: Ending) => {
    setEnded({ ending, referral: found! })
    settle()
  }
  return (
    <Page title={shown ? fullName(shown.applicant) : t('referrals')}>
      <Back to="/referrals">{t('referrals')}</Back>
      {error && <Trouble error={error} again={again} />}
      {isPending && !shown && !error && <Skeleton h={320} />}
      {!ended && found && <Content referral={found} onEnd={end} onChange={settle} />}
      {ended && <Outcome {...ended} />}
      {!shown && !isPending && !error && <Text role="status">{t('referral-gone')}</Text>}
      {!isPending && (ended || !shown) && (
        <Button component={Link} to={'/referrals' as never} w="fit-content">
          {t('to-referrals')}
        </Button>
      )}
    </Page>
  )
}

interface Props {
  referral: Asked
  onEnd: (ending: Ending) => void
  onChange: () => void
}

function Content({ referral, onEnd, onChange }: Props) {
  const { t } = useTranslation(['staff', 'referrals'])
  const { reason, until, number } = referral
  return (
    <Stack gap="xl">
      <div>
        <Text fw={600}>{t(`referrals:why.${reason}`, reason)}</Text>
        <Text>{t(`referrals:advice.${reason}`, '')}</Text>
        <Text c="dimmed" size="sm" mt={4}>
          {t('request', { number })}
        </Text>
        {until && (
          <Text size="sm" c="var(--mantine-color-orange-light-color)">
            {t('decide-until', { at: moment(until) })} {t('decide-else')}
          </Text>
        )}
      </div>
      <Comparison referral={referral} />
      <ReferralDecision referral={referral} by="head" onEnd={onEnd} onChange={onChange} />
    </Stack>
  )
}
