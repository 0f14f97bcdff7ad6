import { Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { DecisionBar } from '../../ui/DecisionBar'
import { date } from '../../ui/dates'
import { fullName } from '../../ui/names'
import { accountIs } from './find'
import { end, type Member, resume, suspend } from './roll'

const REASONS = ['dismissed', 'moved', 'mistake', 'other'] as const
const DAYS_TO_THE_END = 14 // identity disables the account of who has left the roll after so many

const endDay = () => date(new Date(Date.now() + DAYS_TO_THE_END * 86_400_000).toISOString())

interface Props {
  member: Member
  settle: () => void
  onEnd: (member: Member) => void
}

/** What a head may do to a person of the roll; heads are the department's. */
export function PersonActs({ member, settle, onEnd }: Props) {
  const { t } = useTranslation('staff')
  const [act, setAct] = useState<Act | null>(null)
  if (member.category === 'head') return <Text c="dimmed">{t('heads-elsewhere')}</Text>
  const is = accountIs(member)
  const whom = `${fullName(member)}, ${member.post}.`
  const reason = { name: 'reason', label: t('reason') }
  const onAccount = (code: 'suspend' | 'resume'): Act => ({
    title: t(code),
    text: `${whom} ${t(`${code}-text`)}`,
    confirm: t(code),
    fields: [reason],
    send: ({ reason: said }) => (code === 'suspend' ? suspend : resume)(member.account!.account_id, said!),
  })
  const ending: Act = {
    title: t('end-title'),
    text: `${whom} ${t(is === 'none' ? 'end-text-no-account' : 'end-text', { at: endDay() })}`,
    confirm: t('end'),
    grave: true,
    fields: [{ ...reason, options: REASONS.map((value) => ({ value, label: t(`why.${value}`) })) }],
    send: async ({ reason: said }) => {
      await end(member, said!)
      onEnd(member)
    },
  }
  return (
    <>
      <DecisionBar>
        <Button component={Link} to={`/staff/${member.staff_id}/edit` as never}>
          {t('correct')}
        </Button>
        {(is === 'issued' || is === 'active') && (
          <Button variant="light" onClick={() => setAct(onAccount('suspend'))}>
            {t('suspend')}
          </Button>
        )}
        {member.account?.reason === 'head' && (
          <Button variant="light" onClick={() => setAct(onAccount('resume'))}>
            {t('resume')}
          </Button>
        )}
        <Button variant="subtle" color="red" onClick={() => setAct(ending)}>
          {t('end')}
        </Button>
      </DecisionBar>
      <ActDialog act={act} onClose={() => setAct(null)} onDone={settle} />
    </>
  )
}
