import { Anchor, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { sizeOf } from '../../ui/sizes'
import { Trouble } from '../../ui/Trouble'
import type { Card } from './contests'
import classes from './Contests.module.css'

/** What the organisers have attached. */
export function Files({ card }: { card: Card }) {
  const { t } = useTranslation('contests')
  const save = useMutation({
    mutationFn: ({ file_id, name }: Card['attached'][number]) =>
      download(`/api/cabinet/contests/${card.contest_id}/files/${file_id}`, name),
  })
  if (card.attached.length === 0) return null
  return (
    <section aria-labelledby="files">
      <Title order={2} size="h4" id="files">
        {t('files')}
      </Title>
      <ul className={classes.files}>
        {card.attached.map((file) => (
          <li key={file.file_id}>
            <Anchor
              component="button"
              type="button"
              className={classes.file}
              onClick={() => save.mutate(file)}
            >
              {file.name}
            </Anchor>{' '}
            <Text span size="sm" c="dimmed">
              {sizeOf(file.size)}
            </Text>
          </li>
        ))}
      </ul>
      {save.error && <Trouble error={save.error} />}
    </section>
  )
}
