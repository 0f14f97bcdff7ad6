import { Alert, Button, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/problem'
import { type Answer, decide, type Referral } from '../../api/referrals'
import { type Act, ActDialog } from '../ActDialog'
import { DecisionBar } from '../DecisionBar'
import { Form } from '../Form'
import { Trouble } from '../Trouble'
import { useSubmit } from '../useSubmit'
import { Choose, NEW } from './Choose'
import { type Ending, endingOf } from './Outcome'

interface Props {
  referral: Referral
  /** A head takes on employees alone, and tells the applicant in the school's name. */
  by: 'head' | 'department'
  onEnd: (ending: Ending) => void
  /** The applicant has corrected the address meanwhile: the referral has to be read anew. */
  onChange: () => void
}

/** Confirms the applicant as one of the roll or as somebody new on it, or declines with a reason. */
export function ReferralDecision({ referral, by, onEnd, onChange }: Props) {
  const { t } = useTranslation(['referrals', 'ui'])
  const [act, setAct] = useState<Act | null>(null)
  const { candidates, request_id, request_version } = referral
  const [read, setRead] = useState(request_version)
  const form = useForm({
    initialValues: {
      staff_id: candidates.length === 1 ? candidates[0]!.staff_id : candidates.length ? '' : NEW,
      post: referral.applicant.post ?? '',
      category: by === 'head' ? 'employee' : (referral.category as string),
    },
    validate: {
      staff_id: (value) => (value ? null : t('ui:required')),
      post: (value, { staff_id }) => (staff_id !== NEW || value.trim() ? null : t('ui:required')),
    },
  })
  async function answer(body: Answer, ending: Ending) {
    setRead(request_version)
    try {
      await decide(request_id, { ...body, request_version })
      onEnd(ending)
    } catch (refusal) {
      const ended = endingOf(refusal)
      const stale = refusal instanceof Refused && refusal.problem.code === 'referral-changed'
      if (!ended && !stale) throw refusal
      if (ended) return onEnd(ended)
      onChange()
    }
  }
  const { submit, busy, error } = useSubmit(form, ({ staff_id, post, category }) => {
    const who = staff_id === NEW ? { post, category: category as Answer['category'] } : { staff_id }
    return answer({ decision: 'confirm', ...who }, 'confirmed')
  })
  const decline: Act = {
    title: t('decline'),
    text: t(`decline-text.${by}`),
    confirm: t('decline'),
    grave: true,
    fields: [{ name: 'reason', label: t('reason'), hint: t('decline-hint') }],
    send: ({ reason }) => answer({ decision: 'decline', reason }, 'declined'),
  }
  return (
    <>
      <Form onSubmit={submit}>
        <Title order={2} size="h4">
          {t('confirm-as')}
        </Title>
        <Choose form={form} candidates={candidates} mayAppoint={by === 'department'} />
        {request_version > read && (
          <Alert color="orange" variant="light" role="alert" title={t('changed')}>
            <Text c="dark.9">{t('changed-text', { email: referral.applicant.email })}</Text>
          </Alert>
        )}
        {error ? <Trouble error={error} /> : null}
        <DecisionBar>
          <Button type="submit" loading={busy}>
            {t('confirm')}
          </Button>
          <Button variant="subtle" color="red" onClick={() => setAct(decline)}>
            {t('decline')}
          </Button>
        </DecisionBar>
      </Form>
      <ActDialog act={act} onClose={() => setAct(null)} onDone={() => undefined} />
    </>
  )
}
