import { Group, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import classes from './Thread.module.css'
import type { DeskPage } from './tickets'

/** What was written, in the order of time; private notes are the desk's own. */
export function Thread({ lines }: { lines: DeskPage['thread'] }) {
  const { t } = useTranslation('desk')
  return (
    <section aria-live="polite">
      <Title order={2} size="h4" mb="xs">
        {t('thread')}
      </Title>
      <ol className={classes.thread}>
        {lines.map((line) => (
          <li key={`${line.at} ${line.author}`} className={classes.line} data-kind={kindOf(line)}>
            <Group justify="space-between" gap="xs">
              <Text fw={600}>
                {line.name}
                {line.private && ` · ${t('private')}`}
              </Text>
              <Text size="sm" c="gray.8">
                <time dateTime={line.at}>{moment(line.at)}</time>
              </Text>
            </Group>
            <Text className={classes.text}>{line.text}</Text>
          </li>
        ))}
      </ol>
    </section>
  )
}

const kindOf = (line: DeskPage['thread'][number]) => (line.private ? 'private' : line.author)
