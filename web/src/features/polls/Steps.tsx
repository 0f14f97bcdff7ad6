import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isStale } from '../../api/tagged'
import { Dialog } from '../../ui/Dialog'
import { Trouble } from '../../ui/Trouble'
import { deletePoll, type Poll, takeStep } from './polls'
import classes from './Polls.module.css'
import { usePlaces } from './usePlaces'

type Deed = 'publish' | 'close' | 'delete'

/** What can be done with a poll next; each deed says whom it touches before it is done. */
export function Steps({ poll }: { poll: Poll }) {
  const { t } = useTranslation(['polls', 'ui'])
  const { home, edit } = usePlaces()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Deed | null>(null)
  const [shown, setShown] = useState<Deed>('publish') // stays while the dialog fades out
  const deed = useMutation({
    mutationFn: async (name: Deed) => {
      if (name !== 'delete') {
        queries.setQueryData(['poll', poll.poll_id], await takeStep(name, poll.poll_id, poll.etag))
      } else {
        await deletePoll(poll.poll_id, poll.etag)
        await navigate({ to: home as never, replace: true })
      }
    },
    onSuccess: () => {
      setAsked(null)
      void queries.invalidateQueries({ queryKey: ['polls-written'] })
      void queries.invalidateQueries({ queryKey: ['polls'] })
    },
    onError: (error) => {
      if (isStale(error)) void queries.invalidateQueries({ queryKey: ['poll', poll.poll_id] })
    },
  })
  const open = (name: Deed) => {
    deed.reset()
    setShown(name)
    setAsked(name)
  }
  if (poll.state === 'closed') return null
  return (
    <div className={classes.deeds}>
      {poll.state === 'draft' && <Button onClick={() => open('publish')}>{t('publish')}</Button>}
      {poll.state === 'published' && <Button onClick={() => open('close')}>{t('close')}</Button>}
      <Button component={Link} to={edit(poll.poll_id) as never} variant="default">
        {t(poll.answered ? 'edit-end' : 'edit')}
      </Button>
      {poll.state === 'draft' && (
        <Button variant="default" onClick={() => open('delete')}>
          {t('delete')}
        </Button>
      )}
      <Dialog title={t(`confirm.${shown}`)} opened={asked !== null} onClose={() => setAsked(null)}>
        <Stack>
          <Text>{t(`confirm.${shown}-text`)}</Text>
          {deed.error ? <Trouble error={deed.error} /> : null}
          <Group>
            <Button loading={deed.isPending} onClick={() => deed.mutate(shown)}>
              {t(`confirm.${shown}-do`)}
            </Button>
            <Button variant="subtle" onClick={() => setAsked(null)}>
              {t('ui:cancel')}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </div>
  )
}
