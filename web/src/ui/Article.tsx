import { Button, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './Article.module.css'
import { Paragraphs } from './Paragraphs'
import { When } from './When'

interface Props {
  /** Whose word it is. */
  from: string
  at: string | null
  text: string
}

/** A text to be read, on the screen or on paper. */
export function Article({ from, at, text }: Props) {
  const { t } = useTranslation('ui')
  return (
    <article className={classes.body}>
      <Text size="sm" c="dimmed" mb="md">
        {from}
        {at && (
          <>
            {' · '}
            <When at={at} />
          </>
        )}
      </Text>
      <Paragraphs text={text} />
      <Button variant="default" className={classes.print} onClick={() => window.print()}>
        {t('print')}
      </Button>
    </article>
  )
}
