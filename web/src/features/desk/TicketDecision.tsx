import { Alert, Button, Menu, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { Trouble } from '../../ui/Trouble'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { DecisionBar } from '../../ui/DecisionBar'
import { type ActCode, actOf, assign, type DeskPage, isOpen, mailCode, reopen } from './tickets'

interface Props {
  ticket: DeskPage
  settle: () => void
}

/** Take it, resolve it, open it again; and under "more" what is done to the account. */
export function TicketDecision({ ticket, settle }: Props) {
  const { t } = useTranslation('desk')
  const me = useSession()?.accountId
  const { number, state } = ticket
  const [act, setAct] = useState<Act | null>(null)
  const take = useMutation({ mutationFn: () => assign(number), onSuccess: settle })
  const again = useMutation({ mutationFn: () => reopen(number), onSuccess: settle })
  const code = useMutation({ mutationFn: () => mailCode(number), onSuccess: settle })
  const begin = (which: ActCode) => setAct(actOf(which, number, t as never))
  const failed = take.error ?? again.error ?? code.error
  if (state === 'closed') return null
  return (
    <>
      {failed && <Trouble error={failed} />}
      {code.isSuccess && (
        <Alert color="green" variant="light" role="status" title={t('code-mailed')}>
          <Text>{t('code-mailed-text')}</Text>
          <Button variant="light" mt="xs" onClick={() => begin('code')}>
            {t('act.code')}
          </Button>
        </Alert>
      )}
      <DecisionBar>
        {isOpen(state) ? (
          <>
            <Button onClick={() => begin('resolve')}>{t('act.resolve')}</Button>
            {ticket.assigned_to !== me && (
              <Button variant="light" loading={take.isPending} onClick={() => take.mutate()}>
                {t('take')}
              </Button>
            )}
            <More linked={ticket.account_id !== null} begin={begin} mail={() => code.mutate()} />
          </>
        ) : (
          <Button variant="light" loading={again.isPending} onClick={() => again.mutate()}>
            {t('reopen')}
          </Button>
        )}
      </DecisionBar>
      <ActDialog act={act} onClose={() => setAct(null)} onDone={settle} />
    </>
  )
}

interface MoreProps {
  linked: boolean
  begin: (which: ActCode) => void
  mail: () => void
}

function More({ linked, begin, mail }: MoreProps) {
  const { t } = useTranslation('desk')
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <Button variant="default">{t('more-acts')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => begin('link')}>{t('act.link')}</Menu.Item>
        {linked && (
          <>
            <Menu.Item onClick={mail}>{t('mail-code')}</Menu.Item>
            <Menu.Item onClick={() => begin('code')}>{t('act.code')}</Menu.Item>
            <Menu.Item onClick={() => begin('restore')}>{t('act.restore')}</Menu.Item>
            <Menu.Item color="red" onClick={() => begin('disable')}>
              {t('act.disable')}
            </Menu.Item>
          </>
        )}
        <Menu.Item onClick={() => begin('merge')}>{t('act.merge')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
