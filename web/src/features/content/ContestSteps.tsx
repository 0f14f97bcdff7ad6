import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Reason } from '../../ui/Reason'
import { Confirm } from './Confirm'
import { announceContest, cancelContest, closeContest, type Contest, deleteContest } from './contests'
import { useWriter } from './useWriter'

interface Props {
  contest: Contest
  settle: (contest: Contest) => void
  /** Saves what was typed first. */
  before?: () => Promise<Contest>
  /** False, with a word beside the field, when something is missing. */
  mayStep?: () => boolean
}

type Asked = 'announce-contest' | 'close-contest' | 'delete-contest'

/** What can be done with a contest next; each says whom it touches. */
export function ContestSteps({ contest, settle, before, mayStep }: Props) {
  const { t } = useTranslation('content')
  const navigate = useNavigate()
  const { contests } = useWriter()
  const [asked, setAsked] = useState<Asked | 'cancel' | null>(null)
  const { contest_id: id, etag, state, counts } = contest
  const close = () => setAsked(null)
  const step = useMutation({
    mutationFn: async (name: Asked) => {
      if (name === 'delete-contest') {
        await deleteContest(id, etag)
        await navigate({ to: contests as never, replace: true })
      } else if (name === 'announce-contest') settle(await announceContest(id, (await before!()).etag))
      else settle(await closeContest(id, etag))
    },
    onSuccess: close,
  })
  const open = (name: typeof asked) => {
    if (name === 'announce-contest' && !mayStep!()) return
    step.reset()
    setAsked(name)
  }
  if (state === 'cancelled') return null
  const concerned = (counts.applied ?? 0) + (counts.accepted ?? 0) + (counts.waitlisted ?? 0)
  return (
    <>
      {state === 'draft' && <Button onClick={() => open('announce-contest')}>{t('announce')}</Button>}
      {state === 'draft' && (
        <Button variant="default" onClick={() => open('delete-contest')}>
          {t('delete-draft')}
        </Button>
      )}
      {state === 'announced' && (
        <Button variant="default" onClick={() => open('close-contest')}>
          {t('close-entries')}
        </Button>
      )}
      {state !== 'draft' && (
        <Button variant="subtle" color="red" onClick={() => open('cancel')}>
          {t('cancel-contest')}
        </Button>
      )}
      <Confirm
        of={asked === 'cancel' ? null : asked}
        busy={step.isPending}
        error={step.error}
        onClose={close}
        onConfirm={(name) => step.mutate(name)}
      />
      <Reason
        opened={asked === 'cancel'}
        title={t('cancel-title')}
        text={t('cancel-text', { count: concerned })}
        label={t('cancel-reason')}
        hint={t('cancel-hint')}
        confirm={t('cancel-contest')}
        onClose={close}
        send={async (reason) => {
          settle(await cancelContest(id, etag, reason))
          close()
        }}
      />
    </>
  )
}
