import { Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { date } from '../../ui/dates'
import { Facts } from '../../ui/Facts'
import { fullName } from '../../ui/names'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { AccountBadge } from './AccountBadge'
import { Back } from './Back'
import { Ended } from './Ended'
import { accountIs } from './find'
import { Invite } from './Invite'
import { PersonActs } from './PersonActs'
import { Proposal } from './Proposal'
import { type Member, useRoll } from './roll'

/** A person of the roll: what is known, how the account stands, what can be done. */
export function Person() {
  const { staff: id } = useParams({ strict: false }) as { staff: string }
  return <One key={id} id={id} />
}

function One({ id }: { id: string }) {
  const { t } = useTranslation('staff')
  const roll = useRoll()
  const [ended, setEnded] = useState<Member | null>(null)
  const member = roll.members.find(({ staff_id }) => staff_id === id)
  const shown = ended ?? member
  return (
    <Page title={ended ? t('ended', { name: fullName(ended) }) : shown ? fullName(shown) : t('person')}>
      <Back to="/staff">{t('title')}</Back>
      {roll.error && <Trouble error={roll.error} again={roll.again} />}
      {roll.isPending && !roll.error && <Skeleton h={240} />}
      {ended && <Ended member={ended} />}
      {!ended && member && <Content member={member} roll={roll} onEnd={setEnded} />}
      {!shown && !roll.isPending && !roll.error && <Text role="status">{t('person-gone')}</Text>}
    </Page>
  )
}

interface Props {
  member: Member
  roll: ReturnType<typeof useRoll>
  onEnd: (member: Member) => void
}

function Content({ member, roll, onEnd }: Props) {
  const { t } = useTranslation('staff')
  return (
    <Stack gap="xl">
      {member.proposed_post && <Proposal member={member} settle={roll.settle} />}
      <Facts
        facts={[
          [t('post'), member.post],
          [t('division'), member.division],
          [t('category'), t(`as.${member.category}`)],
          [t('field.employment'), t(`employment.${member.employment}`)],
          [t('field.since'), member.since && date(member.since)],
          [t('field.email'), member.email ?? t('no-email')],
          [t('work-phone'), member.work_phone],
          [t('room'), member.room],
        ]}
      />
      <AccountState member={member} hasStates={roll.hasStates} />
      {roll.hasStates && <PersonActs member={member} settle={roll.settle} onEnd={onEnd} />}
    </Stack>
  )
}

function AccountState({ member, hasStates }: { member: Member; hasStates: boolean }) {
  const { t } = useTranslation('staff')
  const is = accountIs(member)
  const { account } = member
  const at = account?.activated_at ? date(account.activated_at) : ''
  const said =
    is === 'none' && !member.email
      ? 'no-email'
      : is === 'suspended' && account?.reason !== 'head'
        ? 'suspended-by-others'
        : is
  return (
    <Stack component="section" gap="sm">
      <Group>
        <Title order={2} size="h4">
          {t('account.label')}
        </Title>
        {hasStates && <AccountBadge member={member} />}
      </Group>
      {!hasStates && <Skeleton h={48} />}
      {hasStates && <Text>{t(`state.${said}`, { at })}</Text>}
      {hasStates && is === 'none' && <Invite staff={member} />}
      {hasStates && is !== 'none' && <Facts facts={[[t('login'), account?.login]]} />}
    </Stack>
  )
}
