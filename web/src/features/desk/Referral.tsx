import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { fullName } from '../../ui/names'
import { moment } from '../../ui/dates'
import { Facts } from '../../ui/Facts'
import { ReferralDecision } from './ReferralDecision'
import { loadSchool, type Referral as Asked } from './referrals'
import { Thing } from './Thing'
import type { Listed } from '../../ui/useListing'
import { useReferrals } from './useReferrals'

/** Who asks, why nobody could tell by the roll alone, and the decision. */
export function Referral() {
  const { t } = useTranslation('desk')
  const { request } = useParams({ strict: false }) as { request: string }
  const listed = useReferrals()
  const found = listed.items.find(({ request_id }) => request_id === request)
  return (
    <Thing
      key={request}
      title={found ? t('referral-title', { number: found.number }) : t('section.referrals')}
      back={{ to: '/desk/referrals', name: t('section.referrals') }}
      query={{ isPending: listed.isPending, error: listed.error, refetch: listed.again }}
    >
      {() => (found ? <Content referral={found} /> : <Elsewhere listed={listed} />)}
    </Thing>
  )
}

function Content({ referral }: { referral: Asked }) {
  const { t } = useTranslation('desk')
  const { applicant, category, reason, to, until } = referral
  return (
    <Stack gap="xl">
      <Text>{t(`referral.${reason}`, reason)}</Text>
      <Facts
        facts={[
          [t('name'), fullName(applicant)],
          [t('email'), applicant.email],
          [t('post'), applicant.post],
          [t('asks-as'), t(`category.${category}`)],
          [t('decides'), t(`referral-to.${to}`)],
          [t('deadline'), until && moment(until)],
        ]}
      />
      <School id={referral.school_id} />
      <ReferralDecision referral={referral} />
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

/** It may stand on a page of the list that nobody has asked for yet; only the whole list says that it is decided. */
function Elsewhere({ listed }: { listed: Listed<Asked> }) {
  const { t } = useTranslation('desk')
  const { hasMore, isLoadingMore, more } = listed
  useEffect(() => {
    if (hasMore && !isLoadingMore) more()
  })
  return hasMore ? <Skeleton h={160} /> : <Text role="status">{t('referral-gone')}</Text>
}
