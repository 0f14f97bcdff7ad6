import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { loadSchool, type Referral as Asked } from '../../api/referrals'
import { moment } from '../../ui/dates'
import { Facts } from '../../ui/Facts'
import { Comparison } from '../../ui/referrals/Comparison'
import { type Ending, Outcome } from '../../ui/referrals/Outcome'
import { ReferralDecision } from '../../ui/referrals/ReferralDecision'
import { useReferral } from '../../ui/referrals/useReferrals'
import { Thing } from './Thing'

/** Who asks, why nobody could tell by the roll alone, and the decision. */
export function Referral() {
  const { request } = useParams({ strict: false }) as { request: string }
  return <One key={request} request={request} />
}

function One({ request }: { request: string }) {
  const { t } = useTranslation('desk')
  const { found, error, isPending, again } = useReferral(request)
  const [ended, setEnded] = useState<{ ending: Ending; referral: Asked } | null>(null)
  const shown = ended?.referral ?? found
  const queries = useQueryClient()
  const settle = () => void queries.invalidateQueries({ queryKey: ['referrals'] })
  const end = (ending: Ending) => {
    setEnded({ ending, referral: found! })
    settle()
  }
  return (
    <Thing
      title={shown ? t('referral-title', { number: shown.number }) : t('section.referrals')}
      back={{ to: '/desk/referrals', name: t('section.referrals') }}
      query={{ isPending: isPending && !ended, error, refetch: again }}
    >
      {() => (
        <>
          {ended && <Outcome {...ended} />}
          {!ended && found && <Content referral={found} onEnd={end} onChange={settle} />}
          {!shown && <Text role="status">{t('referral-gone')}</Text>}
        </>
      )}
    </Thing>
  )
}

interface ContentProps {
  referral: Asked
  onEnd: (ending: Ending) => void
  onChange: () => void
}

function Content({ referral, onEnd, onChange }: ContentProps) {
  const { t } = useTranslation(['desk', 'referrals'])
  const { reason, to, until } = referral
  return (
    <Stack gap="xl">
      <Text>{t(`referrals:why.${reason}`, reason)}</Text>
      <Facts
        facts={[
          [t('decides'), t(`referral-to.${to}`)],
          [t('deadline'), until && moment(until)],
        ]}
      />
      <Comparison referral={referral} />
      <School id={referral.school_id} />
      <ReferralDecision referral={referral} by="department" onEnd={onEnd} onChange={onChange} />
    </Stack>
  )
}

function School({ id }: { id: string }) {
  const { t } = useTranslation('desk')
  const school = useQuery({ queryKey: ['school', id], queryFn: () => loadSchool(id) })
  if (school.isPending) return <Skeleton h={72} />
  if (!school.data) return null
  const { short_name, inn, kpp, address } = school.data
  return (
    <section>
      <Title order={2} size="h4" mb="sm">
        {t('school')}
      </Title>
      <Facts
        facts={[
          [t('field.short_name'), short_name],
          [t('field.inn'), inn],
          [t('field.kpp'), kpp],
          [t('field.address'), address],
        ]}
      />
    </section>
  )
}
