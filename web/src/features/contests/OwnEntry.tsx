import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Dialog } from '../../ui/Dialog'
import { EntryState } from '../../ui/entries/EntryState'
import { Trouble } from '../../ui/Trouble'
import { type Card, type Own, withdraw } from './contests'
import classes from './Contests.module.css'

/** What has become of the own entry and what comes next; it can be taken back until it begins. */
export function OwnEntry({ card, own }: { card: Card; own: Own }) {
  const { t } = useTranslation('contests')
  const said = [own.team, own.pupils !== null && t('pupils-count', { count: own.pupils }), own.text]
  return (
    <section className={classes.own} aria-labelledby="own">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id="own">
            {t('own')}
          </Title>
          <EntryState state={own.state} own={{ place: own.waiting_no }} />
        </Group>
        <Text role="status">{useNext(card, own)}</Text>
        <Text size="sm" c="dimmed">
          {t('own-at', { at: moment(own.at) })}
        </Text>
        {said.filter(Boolean).map((line) => (
          <Text key={String(line)} style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
            {line}
          </Text>
        ))}
        {card.may_withdraw && <Withdraw own={own} />}
      </Stack>
    </section>
  )
}

function useNext(card: Card, own: Own): string {
  const { t } = useTranslation('contests')
  if (card.state === 'cancelled') return t('next.cancelled')
  if (own.state === 'applied') return t(own.for_editor ? 'next.for-editor' : 'next.applied')
  if (own.state === 'rejected') return t('next.rejected', { reason: own.reason })
  return t(`next.${own.state}`)
}

function Withdraw({ own }: { own: Own }) {
  const { t } = useTranslation(['contests', 'ui'])
  const queries = useQueryClient()
  const [opened, setOpened] = useState(false)
  const close = () => setOpened(false)
  const take = useMutation({
    mutationFn: () => withdraw(own.entry_id),
    onSuccess: async () => {
      close()
      await queries.invalidateQueries({ queryKey: ['contests'] })
    },
  })
  return (
    <>
      <Button variant="default" w="fit-content" onClick={() => setOpened(true)}>
        {t('withdraw')}
      </Button>
      <Dialog title={t('withdraw-title')} opened={opened} onClose={close}>
        <Stack>
          <Text>{t(own.state === 'accepted' ? 'withdraw-accepted' : 'withdraw-text')}</Text>
          {take.error && <Trouble error={take.error} />}
          <Group>
            <Button color="red.9" loading={take.isPending} onClick={() => take.mutate()}>
              {t('withdraw')}
            </Button>
            <Button variant="subtle" onClick={close}>
              {t('ui:cancel')}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  )
}
