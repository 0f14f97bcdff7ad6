import { Button, Code, Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog'
import { Trouble } from '../../ui/Trouble'
import { type Class, joinLink, type Lesson, renewCode } from './lessons'
import classes from './Lessons.module.css'
import { useLessonAct } from './useLesson'

/** The link of each class, to be passed on to its pupils. */
export function Shares({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('lessons')
  const [renewed, setRenewed] = useState<Class | null>(null)
  if (lesson.state === 'cancelled') return null
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t('shares', { count: lesson.classes.length })}
      </Title>
      <Text c="dimmed">{t('shares-text')}</Text>
      {lesson.classes.map((one) => (
        <Share key={one.class_id} of={one} renew={lesson.is_own ? () => setRenewed(one) : null} />
      ))}
      <Dialog title={t('renew-title')} opened={renewed !== null} onClose={() => setRenewed(null)}>
        {renewed && <Renew lesson={lesson} of={renewed} done={() => setRenewed(null)} />}
      </Dialog>
    </Stack>
  )
}

function Share({ of, renew }: { of: Class; renew: (() => void) | null }) {
  const { t } = useTranslation('lessons')
  const clipboard = useClipboard({ timeout: 4000 })
  return (
    <div className={classes.row}>
      <div>
        <Text fw={600}>{of.name}</Text>
        <Code bg="transparent" fz="sm" px={0} style={{ overflowWrap: 'anywhere' }} data-testid="join-link">
          {joinLink(of.code)}
        </Code>
      </div>
      <Group gap="xs">
        <Button
          variant="light"
          aria-label={t('copy-of', { name: of.name })}
          onClick={() => clipboard.copy(joinLink(of.code))}
        >
          {t(clipboard.copied ? 'copied' : 'copy')}
        </Button>
        {renew && (
          <Button variant="subtle" aria-label={t('renew-of', { name: of.name })} onClick={renew}>
            {t('renew')}
          </Button>
        )}
        <VisuallyHidden role="status">{clipboard.copied ? t('copied') : ''}</VisuallyHidden>
      </Group>
    </div>
  )
}

function Renew({ lesson, of, done }: { lesson: Lesson; of: Class; done: () => void }) {
  const { t } = useTranslation('lessons')
  const act = useLessonAct(() => renewCode(lesson, of.class_id), done)
  return (
    <Stack>
      <Text>{t('renew-text', { name: of.name })}</Text>
      {act.error && <Trouble error={act.error} />}
      <Button w="fit-content" loading={act.isPending} onClick={() => act.mutate(undefined)}>
        {t('renew')}
      </Button>
    </Stack>
  )
}
