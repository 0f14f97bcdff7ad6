import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog'
import { Trouble } from '../../ui/Trouble'
import { Confirm } from './Confirm'
import { type News, schedule, type Step, STEPS } from './news'
import { Schedule } from './Schedule'

interface Props {
  news: News
  settle: (news: News) => void
  /** Saves what was typed first. */
  before: () => Promise<News>
  /** False, with a word beside the field, when something is missing. */
  mayStep: () => boolean
}

type Opened = 'publish' | 'archive' | 'schedule' | null

/** What can be done with an item next. Publishing tells people, so it is asked for twice. */
export function NewsSteps({ news, settle, before, mayStep }: Props) {
  const { t } = useTranslation('content')
  const [opened, setOpened] = useState<Opened>(null)
  const close = () => setOpened(null)
  const step = useMutation({
    mutationFn: async (name: Step) => {
      const now = await before()
      settle(await STEPS[name](now.news_id, now.etag))
    },
    onSuccess: close,
  })
  const plan = async (at: string) => {
    const now = await before()
    settle(await schedule(now.news_id, now.etag, at))
    close()
  }
  const open = (name: Opened) => {
    if (!mayStep()) return
    step.reset()
    setOpened(name)
  }
  const isWaiting = news.state === 'draft' || news.state === 'scheduled'
  return (
    <>
      {isWaiting && <Button onClick={() => open('publish')}>{t('publish')}</Button>}
      {isWaiting && (
        <Button variant="light" onClick={() => open('schedule')}>
          {t(news.state === 'draft' ? 'schedule' : 'reschedule')}
        </Button>
      )}
      {news.state === 'scheduled' && (
        <Button variant="default" loading={step.isPending} onClick={() => step.mutate('withdraw')}>
          {t('withdraw')}
        </Button>
      )}
      <Button variant="default" onClick={() => open('archive')}>
        {t('archive')}
      </Button>
      {step.error && opened === null && <Trouble error={step.error} />}
      <Confirm
        of={opened === 'publish' || opened === 'archive' ? opened : null}
        busy={step.isPending}
        error={step.error}
        onClose={close}
        onConfirm={(name) => step.mutate(name)}
      />
      <Dialog title={t('schedule')} opened={opened === 'schedule'} onClose={close}>
        <Schedule at={news.publish_at} send={plan} />
      </Dialog>
    </>
  )
}
