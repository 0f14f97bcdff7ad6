import { Alert, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/problem'
import type { Referral } from '../../api/referrals'
import { fullName } from '../names'

/** How a referral has left the list, by us or before us. */
export type Ending = 'confirmed' | 'declined' | 'closed' | 'confirmed-before' | 'declined-before' | 'own'

/** The ending that a refusal speaks of; null for a refusal that ends nothing. */
export function endingOf(refusal: unknown): Ending | null {
  const problem = refusal instanceof Refused ? refusal.problem : null
  if (problem?.code === 'request-closed') return 'closed'
  if (problem?.code === 'own-request') return 'own'
  if (problem?.code !== 'already-decided') return null
  return problem.state === 'verified' ? 'confirmed-before' : 'declined-before'
}

/** What has happened, and what comes next. */
export function Outcome({ ending, referral }: { ending: Ending; referral: Referral }) {
  const { t } = useTranslation('referrals')
  const { applicant } = referral
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => alert.current?.focus(), [])
  const said = { name: fullName(applicant), email: applicant.email }
  return (
    <Alert
      ref={alert}
      tabIndex={-1}
      color={ending === 'confirmed' ? 'green' : ending === 'declined' ? 'blue' : 'orange'}
      variant="light"
      role="status"
      title={t(`ending.${ending}`)}
    >
      <Text c="dark.9">{t(`ending.${ending}-text`, said)}</Text>
    </Alert>
  )
}
